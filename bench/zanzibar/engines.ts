/** The engines in Go, each over the stores that run inside its process. */

/** A program, which is a folder of `peers/go`. */
export type ZanzibarProgram = 'spicedb' | 'openfga'

export interface ZanzibarEngine {
  readonly name: string
  readonly program: ZanzibarProgram
  readonly description: string
}

export const zanzibarEngines: readonly ZanzibarEngine[] = [
  {
    name: 'spicedb',
    program: 'spicedb',
    description: 'over its memory store, which looks at all tuples of a type and relation for every question',
  },
  {
    name: 'spicedb-indexed',
    program: 'spicedb',
    description: 'over a map of tuples by object and relation, written for this benchmark',
  },
  {
    name: 'openfga',
    program: 'openfga',
    description: 'over its memory store, which looks at all tuples for every question, and for every tuple it is given',
  },
  {
    name: 'openfga-indexed',
    program: 'openfga',
    description: 'over maps of tuples by object and relation and by user, written for this benchmark',
  },
  { name: 'openfga-sqlite', program: 'openfga', description: 'over SQLite in a file, with its indices' },
]
