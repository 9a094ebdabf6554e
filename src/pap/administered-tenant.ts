/**
 * The policy administration point of one tenant (the PAP of XACML): what administrators change is checked, kept in the store
 * together with an event that tells of it, and then put in force. Who may do so is asked before: `permissions.ts`.
 */
import { createEngine } from '../engine/index.ts'
import type { Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import type { PolicyDocument } from '../policy/document.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { ChangeEntry } from '../store/port.ts'
import { type Check, checkPolicies, emptyDocument } from './check.ts'
import type { Author, PapEnvironment } from './environment.ts'
import { InForce, type PoliciesRead } from './in-force.ts'
import { applyChange, type EntityChange, entityDocument, KeptEntities } from './kept-entities.ts'
import { KeptTuples, type TupleChange } from './kept-tuples.ts'
import type { PolicyText } from './policy-text.ts'
import { type Revision, Revisions } from './revisions.ts'
import { takeTurn } from './turn.ts'

export interface AdministeredOptions extends PapEnvironment {
  /**
   * The policies, where the host keeps them and not the store: they can then be read, and not changed. The texts are asked for
   * whenever policies and entities are compiled.
   */
  readonly fixed?: () => Promise<readonly PolicyText[]>
}

export interface PolicyChange {
  readonly sources: readonly PolicyText[]
  /** The revision that the change was made for, as its author saw it; 0: none. */
  readonly onto: number
  readonly by: Author
  readonly note?: string
  /**
   * Asked before anything is kept, with what the policies of `onto` say and what the new ones do; what it throws ends the change. Asked any
   * earlier, it would be of policies that others may have changed since.
   */
  readonly permit?: (before: PolicyModel | undefined, after: PolicyModel | undefined) => void
}

export interface Replaced {
  readonly revision: Revision
  readonly check: Check
  /** Kept tuples that the new policies do not allow; they stay in the store. At most 1,000 of them. */
  readonly leftOut: readonly string[]
}

/** How often others may be faster before it is given up. */
const TRIES = 16

export class AdministeredTenant {
  readonly engine: Engine
  readonly revisions: Revisions
  readonly tuples: KeptTuples
  readonly entities: KeptEntities
  readonly #environment: PapEnvironment
  readonly #fixed: AdministeredOptions['fixed']
  readonly #inForce: InForce

  private constructor(engine: Engine, { fixed, ...environment }: AdministeredOptions) {
    this.engine = engine
    this.#environment = environment
    this.#fixed = fixed
    this.revisions = new Revisions(environment)
    this.tuples = new KeptTuples(environment)
    this.entities = new KeptEntities(environment)
    const { tuples, entities } = this
    this.#inForce = new InForce({ engine, policies: () => this.policies(), tuples, entities })
  }

  /**
   * Opens what is kept for the tenant of the store, and makes an engine that decides by it.
   *
   * @throws PolicyError, SallyportError `E_STORE…`
   * @example
   * const acme = await AdministeredTenant.open({ store: store.tenant('acme'), now: Date.now, newId: makeIds(random) })
   */
  static async open(options: AdministeredOptions): Promise<AdministeredTenant> {
    const { tenant } = options.store
    return AdministeredTenant.around(await createEngine({ policies: emptyDocument(tenant), tenant }), options)
  }

  /** The same with an engine that is there already; it is brought to what is kept. */
  static async around(engine: Engine, options: AdministeredOptions): Promise<AdministeredTenant> {
    const one = new AdministeredTenant(engine, options)
    await one.#inForce.sync()
    return one
  }

  get tenant(): string {
    return this.#environment.store.tenant
  }

  /** Whether the policies are the host's, and not to be changed here. */
  get isFixed(): boolean {
    return this.#fixed !== undefined
  }

  /** The revision that decides now; undefined when there is none. */
  get revision(): number | undefined {
    return this.#inForce.revision
  }

  /** Kept tuples that do not count, because the policies in force do not allow them. */
  get leftOut(): readonly string[] {
    return this.#inForce.leftOut.slice(0, 1000)
  }

  /** The sources as they are now. */
  async policies(): Promise<PoliciesRead> {
    if (this.#fixed !== undefined) return { texts: await this.#fixed(), revision: undefined }
    const head = await this.revisions.head()
    if (head === undefined) return { texts: [], revision: undefined }
    return { texts: await this.revisions.sources(head.revision), revision: head.revision }
  }

  /** A dry run: nothing is changed. */
  async check(sources: readonly PolicyText[]): Promise<Check> {
    const entities = entityDocument(await this.entities.all(), this.tenant)
    const { ok, diagnostics, summary } = await checkPolicies(sources, this.tenant, entities)
    return { ok, diagnostics, summary }
  }

  /**
   * Makes the next revision, and puts it in force.
   *
   * @throws PolicyError with every mistake; SallyportError `E_POLICY_CONFLICT` when `onto` is not the revision in force any more,
   * `E_POLICY_READ_ONLY`. Nothing is changed then.
   */
  replace(change: PolicyChange): Promise<Replaced> {
    return this.#append({ ...change, action: 'policies:replace' })
  }

  /** Makes the next revision of the sources of an older one. Throws as `replace` does; `E_POLICY_REVISION`. */
  async rollBack({ to, ...change }: Omit<PolicyChange, 'sources'> & { readonly to: number }): Promise<Replaced> {
    const sources = await this.revisions.sources(to)
    return this.#append({ ...change, sources, from: to, action: 'policies:rollback' })
  }

  /** Adds and removes tuples: all or none. They count at once, where the policies allow them. Throws as `KeptTuples.write` does. */
  async writeTuples(change: TupleChange): Promise<{ readonly leftOut: readonly string[] }> {
    const keys = await this.tuples.write(change)
    const entries = keys.map(({ object, relation, subject }): ChangeEntry => {
      return { table: 'relation_tuples', kind: 'update', key: [object, relation, subject] }
    })
    this.#inForce.forget(entries)
    await this.#inForce.sync()
    return { leftOut: this.leftOut }
  }

  /**
   * Puts and removes entities: all or none; then policies and entities are compiled again.
   *
   * @throws PolicyError where an entity is not formed as one, stands in the policies already, or holds roles that they do not know;
   * SallyportError `E_REQUEST`, `E_STORE_BUSY`
   */
  async writeEntities(change: EntityChange): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const turn = await takeTurn(this.#environment.store)
      const after = applyChange(await this.entities.all(), change)
      const { texts } = await this.policies()
      refuseMistakes(await checkPolicies(texts, this.tenant, entityDocument(after, this.tenant)))
      if (!(await this.entities.write(change, turn))) continue
      this.#inForce.forget([{ table: 'entities', kind: 'update', key: [] }])
      return this.#inForce.sync()
    }
    throw new SallyportError('E_STORE_BUSY', 'too many others change policies or entities at the same time; try again')
  }

  /** What others have changed, as `Freshness` tells it. It is in force after `sync`. */
  forget(what: readonly ChangeEntry[] | 'everything'): void {
    this.#inForce.forget(what)
  }

  /** Whether something was told to `forget` that is not in force yet. */
  get isBehind(): boolean {
    return this.#inForce.isBehind
  }

  /** Puts in force what the store has. On errors the old policies stay; the next call tries again. */
  sync(): Promise<void> {
    return this.#inForce.sync()
  }

  async #append(change: PolicyChange & { readonly action: string; readonly from?: number }): Promise<Replaced> {
    if (this.#fixed !== undefined) throw readOnly()
    const { sources, onto, by, action, note, from, permit } = change
    for (let tries = 0; tries < TRIES; tries++) {
      const turn = await takeTurn(this.#environment.store)
      const after = await this.revisions.head()
      if ((after?.revision ?? 0) !== onto) throw conflict()
      const entities = entityDocument(await this.entities.all(), this.tenant)
      const checked = refuseMistakes(await checkPolicies(sources, this.tenant, entities))
      permit?.(await this.#modelOf(after, entities), checked.model)
      const more = { ...(note !== undefined && { note }), ...(from !== undefined && { from }) }
      const revision = await this.revisions.append({ after, sources, turn, by, action, ...more })
      // Lost to another revision, which the next look shows, or to entities.
      if (revision === undefined) continue
      this.#inForce.forget([{ table: 'policy_revisions', kind: 'insert', key: [revision.revision] }])
      await this.#inForce.sync()
      const { ok, diagnostics, summary } = checked
      return { revision, check: { ok, diagnostics, summary }, leftOut: this.leftOut }
    }
    throw new SallyportError('E_STORE_BUSY', 'too many others change policies or entities at the same time; try again')
  }

  async #modelOf(revision: Revision | undefined, entities: PolicyDocument | undefined) {
    if (revision === undefined) return undefined
    return (await checkPolicies(await this.revisions.sources(revision.revision), this.tenant, entities, 'again')).model
  }
}

function refuseMistakes<C extends Check>(check: C): C {
  if (check.ok) return check
  throw new PolicyError(check.diagnostics.filter(({ severity }) => severity === 'error'))
}

function conflict(): SallyportError {
  return new SallyportError(
    'E_POLICY_CONFLICT',
    'somebody else has changed the policies; read them again, and make the change to those',
  )
}

function readOnly(): SallyportError {
  return new SallyportError(
    'E_POLICY_READ_ONLY',
    'the policies of this service come from files; change those, or keep them in the store: sallyport serve --store URL --keep-policies',
  )
}
