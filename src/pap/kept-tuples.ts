/** Relation tuples in the store, beside those that stand in policies. */
import { SallyportError } from '../errors.ts'
import { subjectKey } from '../guard/subject-key.ts'
import type { Guard, Key, Row, Write } from '../store/port.ts'
import { fitsKey } from '../store/values.ts'
import {
  formatSubject,
  readTuple,
  type Tuple,
  type TupleInput,
  TupleMistake,
  type TupleObject,
} from '../tuple/tuple.ts'
import { changeEvent, keep } from './change-event.ts'
import type { Author, PapEnvironment } from './environment.ts'
import { notAKey } from './not-a-key.ts'

export type TupleKey = Key<'relation_tuples'>

export interface KeptTuple extends TupleObject {
  /** Who has written it: `type:id`. */
  readonly by: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface TupleQuery {
  /** Only of this object, or with this subject: `type:id`; of both, both. */
  readonly object?: string
  readonly subject?: string
  readonly relation?: string
  /** The last one of the page before. */
  readonly after?: TupleKey
  /** 1 to 1000. */
  readonly limit: number
}

export interface TupleChange {
  readonly add: readonly TupleInput[]
  readonly remove: readonly TupleInput[]
  readonly by: Author
}

/** The most tuples that one change may name. */
const MOST_TUPLES = 1000

export class KeptTuples {
  readonly #environment: PapEnvironment

  constructor(environment: PapEnvironment) {
    this.#environment = environment
  }

  async list({ object, subject, relation, after, limit }: TupleQuery): Promise<readonly KeptTuple[]> {
    const where: Guard<'relation_tuples'>[] = []
    if (object !== undefined) where.push({ column: 'object', is: '=', value: object })
    if (subject !== undefined) where.push({ column: 'subject', is: '=', value: subject })
    if (relation !== undefined) where.push({ column: 'relation', is: '=', value: relation })
    const by = subject !== undefined && object === undefined ? { by: 'by_subject' as const } : {}
    const rows = await this.#environment.store.find('relation_tuples', { where, ...by, limit, ...(after && { after }) })
    return rows.map(keptOf)
  }

  async get(key: TupleKey): Promise<KeptTuple | undefined> {
    const row = await this.#environment.store.get('relation_tuples', key)
    return row && keptOf(row)
  }

  /** Those of them that are kept, with the conditions that they have there. Throws as `write` does. */
  async among(tuples: readonly TupleInput[]): Promise<readonly TupleObject[]> {
    refuseTooMany(tuples.length)
    const found = await Promise.all(tuples.map((input) => this.get(keyOf(textsOf(read(input))))))
    return found.flatMap((one) => (one === undefined ? [] : [writtenOf(one)]))
  }

  /** All of them, a page at a time. */
  async *pages(): AsyncGenerator<readonly KeptTuple[]> {
    for (let after: TupleKey | undefined; ; ) {
      const page = await this.list({ limit: 1000, ...(after && { after }) })
      yield page
      if (page.length < 1000) return
      after = keyOf(page[page.length - 1]!)
    }
  }

  /**
   * Writes all of it or nothing. One that is there already gets the condition that is given now; one that is not there need
   * not be removed.
   *
   * @throws SallyportError `E_TUPLE`; `E_STORE_STATEMENT` when their names are too long together, or a condition is
   */
  async write({ add, remove, by }: TupleChange): Promise<readonly TupleKey[]> {
    const { store, now } = this.#environment
    refuseTooMany(add.length + remove.length)
    const at = now()
    const rows = add.map((input) => rowOf(read(input), subjectKey(by), at))
    const gone = remove.map((input) => keyOf(textsOf(read(input))))
    const keys = [...rows.map(keyOf), ...gone]
    const event = changeEvent(this.#environment, by, {
      action: 'relations:write',
      resource: { type: 'relations', id: store.tenant },
      outcome: 'done',
      count: keys.length,
    })
    const added = rows.map((row): Write => ({ put: 'relation_tuples', row }))
    const removed = gone.map((key): Write => ({ remove: 'relation_tuples', key }))
    await store.write([...added, ...removed, keep(event)])
    return keys
  }
}

export function keyOf({ object, relation, subject }: TupleKey): TupleKey {
  return { object, relation, subject }
}

function refuseTooMany(count: number): void {
  if (count > MOST_TUPLES) throw tupleError(`at most ${MOST_TUPLES} tuples are changed at a time`)
}

/** @throws SallyportError `E_TUPLE`; also for names that no key of the store holds */
function read(input: TupleInput): Tuple {
  try {
    const tuple = readTuple(input)
    for (const name of Object.values(textsOf(tuple))) {
      if (!fitsKey(name)) throw tupleError(notAKey(name, 'a tuple'))
    }
    return tuple
  } catch (error) {
    if (!(error instanceof TupleMistake)) throw error
    throw tupleError(error.advice === undefined ? error.message : `${error.message}; ${error.advice}`)
  }
}

function tupleError(message: string): SallyportError {
  return new SallyportError('E_TUPLE', message)
}

function textsOf({ object, relation, subject }: Tuple): TupleKey {
  return { object: formatSubject(object), relation, subject: formatSubject(subject) }
}

function rowOf(tuple: Tuple, by: string, at: number): Row<'relation_tuples'> {
  const { condition } = tuple
  return { ...textsOf(tuple), condition: condition === undefined ? '' : JSON.stringify(condition), by, at }
}

/** Without who wrote it, and when. */
function writtenOf({ by: _by, at: _at, ...tuple }: KeptTuple): TupleObject {
  return tuple
}

function keptOf({ condition, ...row }: Row<'relation_tuples'>): KeptTuple {
  return { ...row, ...(condition !== '' && { condition: JSON.parse(condition) as NonNullable<Tuple['condition']> }) }
}
