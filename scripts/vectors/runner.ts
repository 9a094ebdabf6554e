/** What replays the cases of one kind of vector file. */

/** sallyport, as its users import it; the tests run the sources instead. */
export interface Api {
  readonly createEngine: typeof import('../../src/index.ts').createEngine
  readonly createApp: typeof import('../../src/service/app.ts').createApp
  readonly openGuard: typeof import('../../src/policy/dialects/open-guard/index.ts')
  readonly guard: Pick<typeof import('../../src/guard/index.ts'), 'createGuard' | 'listedCandidates'>
  readonly memoryStore: typeof import('../../src/store/memory/index.ts').memoryStore
  readonly pep: typeof import('../../src/pep/index.ts')
  readonly openFga: Pick<typeof import('../../src/openfga/store-file.ts'), 'loadStore'> &
    Pick<typeof import('../../src/openfga/run-store.ts'), 'runStore'>
}

/** A file of vectors: where its cases come from, and the cases. */
export interface VectorFile {
  /** The last folder and the name, without its ending: `open-guard/rbac`. */
  readonly name: string
  /** `open-guard-python 0.12.5`. */
  readonly source: string
  readonly cases: readonly Case[]
}

export interface Case {
  readonly name: string
  readonly [key: string]: unknown
}

export type Outcome =
  | { readonly kind: 'passed' }
  /** Values for people to compare; `request` is whatever was asked. */
  | { readonly kind: 'failed'; readonly request: unknown; readonly expected: unknown; readonly got: unknown }
  | { readonly kind: 'skipped'; readonly why: string }

/** Replays one case. What it throws counts as a failure. */
export type Runner = (one: Case, api: Api) => Promise<Outcome>

/** Chooses the runner of a file; undefined when there is none. */
export type ChooseRunner = (file: Pick<VectorFile, 'name' | 'source'>) => Runner | undefined
