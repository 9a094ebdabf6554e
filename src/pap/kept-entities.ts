/** Subjects and resources in the store, beside those that stand in policies. They are compiled together with the policies. */
import { SallyportError } from '../errors.ts'
import { digestOf } from '../guard/canonical.ts'
import { subjectKey } from '../guard/subject-key.ts'
import type { Entity, PolicyDocument } from '../policy/document.ts'
import type { EntityKind } from '../store/entities/source.ts'
import type { Key, Row, TenantStore, Write } from '../store/port.ts'
import { fitsKey } from '../store/values.ts'
import { changeEvent, keep } from './change-event.ts'
import type { Author, PapEnvironment } from './environment.ts'
import { notAKey } from './not-a-key.ts'
import type { Turn } from './turn.ts'

export type EntityKey = Key<'entities'>

export interface KeptEntity extends Entity {
  readonly kind: EntityKind
  /** Who has written it: `type:id`. */
  readonly by: string
  /** Milliseconds since 1970. */
  readonly at: number
}

export interface EntityQuery {
  readonly kind?: EntityKind
  readonly type?: string
  readonly after?: EntityKey
  /** 1 to 1000. */
  readonly limit: number
}

export interface EntityInput extends Entity {
  readonly kind: EntityKind
}

export interface EntityChange {
  readonly put: readonly EntityInput[]
  readonly remove: readonly EntityKey[]
  readonly by: Author
}

/** The most entities that one change may name. */
const MOST_ENTITIES = 1000

export class KeptEntities {
  readonly #environment: PapEnvironment

  constructor(environment: PapEnvironment) {
    this.#environment = environment
  }

  async list({ kind, type, after, limit }: EntityQuery): Promise<readonly KeptEntity[]> {
    const where = [
      ...(kind === undefined ? [] : [{ column: 'kind', is: '=', value: kind } as const]),
      ...(type === undefined ? [] : [{ column: 'type', is: '=', value: type } as const]),
    ]
    const rows = await this.#environment.store.find('entities', { where, limit, ...(after && { after }) })
    return rows.map(entityOf)
  }

  async get(key: EntityKey): Promise<KeptEntity | undefined> {
    const row = await this.#environment.store.get('entities', key)
    return row && entityOf(row)
  }

  async all(): Promise<readonly KeptEntity[]> {
    return (await allRows(this.#environment.store)).map(entityOf)
  }

  /** Undefined when the turn was lost. */
  async write(change: EntityChange, turn: Turn): Promise<true | undefined> {
    const { store, now } = this.#environment
    const by = subjectKey(change.by)
    const at = now()
    const rows = change.put.map(({ kind, type, id, roles, properties }): Row<'entities'> => {
      return { kind, type, id, document: JSON.stringify({ roles, properties }), by, at }
    })
    const event = changeEvent(this.#environment, change.by, {
      action: 'entities:write',
      resource: { type: 'entities', id: store.tenant },
      outcome: 'done',
      after: await digestOf(change.put),
      count: change.put.length + change.remove.length,
    })
    const writes: Write[] = [
      ...turn.statements,
      ...rows.map((row): Write => ({ put: 'entities', row })),
      ...change.remove.map(({ kind, type, id }): Write => ({ remove: 'entities', key: { kind, type, id } })),
      keep(event),
    ]
    return (await store.write(writes)).applied || undefined
  }
}

/** What is there after a change, as the document that is compiled with the policies; undefined when there is nothing. */
export function entityDocument(entities: readonly EntityInput[], tenant: string): PolicyDocument | undefined {
  if (entities.length === 0) return undefined
  const of = (wanted: EntityKind): Entity[] =>
    entities
      .filter(({ kind }) => kind === wanted)
      .map(({ type, id, roles, properties }) => {
        return { type, id, ...(roles !== undefined && { roles }), ...(properties !== undefined && { properties }) }
      })
  return { version: 1, tenant, entities: { subjects: of('subject'), resources: of('resource') } }
}

/** @throws SallyportError `E_REQUEST` when one is named twice, or by what no store takes for a key */
export function applyChange(before: readonly EntityInput[], { put, remove }: EntityChange): readonly EntityInput[] {
  if (put.length + remove.length > MOST_ENTITIES) {
    throw new SallyportError('E_REQUEST', `at most ${MOST_ENTITIES} entities are changed at a time`)
  }
  const touched = [...put, ...remove].map(textOf)
  if (new Set(touched).size < touched.length)
    throw new SallyportError('E_REQUEST', 'an entity is named twice in one change')
  for (const { type, id } of [...put, ...remove]) {
    for (const name of [type, id]) {
      if (!fitsKey(name)) throw new SallyportError('E_REQUEST', notAKey(name, 'an entity'))
    }
  }
  const gone = new Set(touched)
  return [...before.filter((one) => !gone.has(textOf(one))), ...put]
}

function textOf({ kind, type, id }: EntityKey | EntityInput): string {
  return JSON.stringify([kind, type, id])
}

async function allRows(store: TenantStore): Promise<readonly Row<'entities'>[]> {
  const rows: Row<'entities'>[] = []
  for (;;) {
    const last = rows.at(-1)
    const page = await store.find('entities', { limit: 1000, ...(last && { after: last }) })
    rows.push(...page)
    if (page.length < 1000) return rows
  }
}

function entityOf({ kind, type, id, document, by, at }: Row<'entities'>): KeptEntity {
  const { roles, properties } = JSON.parse(document) as Pick<Entity, 'roles' | 'properties'>
  return {
    kind: kind as EntityKind,
    type,
    id,
    ...(roles !== undefined && { roles }),
    ...(properties !== undefined && { properties }),
    by,
    at,
  }
}
