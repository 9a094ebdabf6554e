/**
 * Brings an engine to what the store has: policies and entities, which are compiled together, and tuples, which are added and
 * removed one by one. One after the other; what fails is tried again by the next call.
 */
import type { Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { digestOf } from '../guard/canonical.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { ChangeEntry } from '../store/port.ts'
import { formatTuple } from '../tuple/tuple.ts'
import { checkPolicies } from './check.ts'
import { entityDocument, type KeptEntities } from './kept-entities.ts'
import { type KeptTuple, type KeptTuples, keyOf, type TupleKey } from './kept-tuples.ts'
import type { PolicyText } from './policy-text.ts'

/** Where the policies come from: the newest revision in the store, or what the host gave. */
export type ReadPolicies = () => Promise<PoliciesRead>

export interface PoliciesRead {
  readonly texts: readonly PolicyText[]
  /** Undefined when they are no revision of the store. */
  readonly revision: number | undefined
}

export interface Kept {
  readonly engine: Engine
  readonly policies: ReadPolicies
  readonly tuples: KeptTuples
  readonly entities: KeptEntities
}

type Dirty = { compiled: boolean; tuples: Map<string, TupleKey> | 'all' }

export class InForce {
  readonly #kept: Kept
  /** What is to be read again. */
  #dirty: Dirty = { compiled: true, tuples: 'all' }
  #last: Promise<void> = Promise.resolve()
  #digest: string | undefined
  #revision: number | undefined
  /** The texts of the tuples that were given to the engine, and are in the store. */
  readonly #given = new Set<string>()
  /** Kept tuples that the policies in force do not allow. */
  readonly #leftOut = new Map<string, TupleKey>()
  /** The texts of the tuples that stand in the policies in force. */
  #documented: ReadonlySet<string> = new Set()

  constructor(kept: Kept) {
    this.#kept = kept
  }

  /** The revision that decides now. */
  get revision(): number | undefined {
    return this.#revision
  }

  /** Kept tuples that do not count, because the policies do not allow them. */
  get leftOut(): readonly string[] {
    return [...this.#leftOut.keys()]
  }

  /** What others have changed. It is read by the next `sync`. */
  forget(what: readonly ChangeEntry[] | 'everything'): void {
    if (what === 'everything') {
      this.#dirty = { compiled: true, tuples: 'all' }
      return
    }
    for (const { table, key } of what) {
      if (table === 'policy_revisions' || table === 'entities') this.#dirty.compiled = true
      if (table === 'relation_tuples') this.#forgetTuple(key.map(String))
    }
  }

  get isBehind(): boolean {
    const { compiled, tuples } = this.#dirty
    return compiled || tuples === 'all' || tuples.size > 0
  }

  /** Resolves when all that was forgotten before the call is in force. */
  sync(): Promise<void> {
    const next = this.#last.then(() => this.#bring())
    this.#last = next.catch(() => undefined)
    return next
  }

  #forgetTuple([object = '', relation = '', subject = '']: readonly string[]): void {
    const { tuples } = this.#dirty
    if (tuples !== 'all') tuples.set(textOf({ object, relation, subject }), { object, relation, subject })
  }

  async #bring(): Promise<void> {
    const work = this.#dirty
    this.#dirty = { compiled: false, tuples: new Map() }
    try {
      if (work.compiled) await this.#compile()
      if (work.tuples === 'all') await this.#readAll()
      else for (const key of work.tuples.values()) this.#apply(key, await this.#kept.tuples.get(key))
      // What came of it: a tuple that stands in the policies as well goes with the kept one, and compiling brings it back.
      if (this.isBehind) await this.#bring()
    } catch (error) {
      this.#dirty = merged(work, this.#dirty)
      throw error
    }
  }

  async #compile(): Promise<void> {
    const { engine, policies, entities } = this.#kept
    const { texts, revision } = await policies()
    const document = entityDocument(await entities.all(), engine.tenant)
    const digest = await digestOf([texts, document ?? null])
    if (digest !== this.#digest) {
      const { input, model, diagnostics } = await checkPolicies(texts, engine.tenant, document, 'again')
      if (model === undefined) throw new PolicyError(diagnostics.filter(({ severity }) => severity === 'error'))
      await engine.replacePolicies(input)
      await this.#afterCompiling(model)
      this.#digest = digest
    }
    this.#revision = revision
  }

  /** Tuples that stood in the old policies went with them, also those that are kept; others may be allowed now, or no longer. */
  async #afterCompiling(model: PolicyModel): Promise<void> {
    const { engine, tuples } = this.#kept
    const before = this.#documented
    this.#documented = new Set(model.tuples.map(formatTuple))
    // It tells of so many at most.
    if (engine.relations.leftOut.length >= 1000) this.#dirty.tuples = 'all'
    const lost = [...before].filter((text) => this.#given.has(text))
    const again = [...this.#leftOut.values(), ...[...lost, ...engine.relations.leftOut].map(keyOfText)]
    for (const key of again) {
      this.#given.delete(textOf(key))
      this.#apply(key, await tuples.get(key))
    }
  }

  async #readAll(): Promise<void> {
    const gone = new Set([...this.#given, ...this.#leftOut.keys()])
    for await (const page of this.#kept.tuples.pages()) {
      for (const tuple of page) {
        gone.delete(textOf(tuple))
        this.#apply(keyOf(tuple), tuple)
      }
    }
    for (const text of gone) this.#apply(keyOfText(text), undefined)
  }

  #apply(key: TupleKey, tuple: KeptTuple | undefined): void {
    const { relations } = this.#kept.engine
    const text = textOf(key)
    this.#leftOut.delete(text)
    if (tuple === undefined) {
      this.#given.delete(text)
      if (relations.has(text)) relations.remove(text)
      if (this.#documented.has(text)) {
        this.#digest = undefined
        this.#dirty.compiled = true
      }
      return
    }
    try {
      const { condition } = tuple
      relations.add({ ...key, ...(condition !== undefined && { condition }) })
      this.#given.add(text)
    } catch (error) {
      if (!(error instanceof SallyportError) || error.code !== 'E_TUPLE') throw error
      // The store keeps it; with other policies it may count again.
      this.#given.delete(text)
      this.#leftOut.set(text, key)
    }
  }
}

function merged(a: Dirty, b: Dirty): Dirty {
  const all = a.tuples === 'all' || b.tuples === 'all'
  return {
    compiled: a.compiled || b.compiled,
    tuples: all ? 'all' : new Map([...(a.tuples as Map<string, TupleKey>), ...(b.tuples as Map<string, TupleKey>)]),
  }
}

/** As `formatTuple` writes it. */
function textOf({ object, relation, subject }: TupleKey): string {
  return `${object}#${relation}@${subject}`
}

/** Ids have no `#`, and relations no `@`. */
function keyOfText(text: string): TupleKey {
  const hash = text.indexOf('#')
  const at = text.indexOf('@', hash)
  return { object: text.slice(0, hash), relation: text.slice(hash + 1, at), subject: text.slice(at + 1) }
}
