/**
 * Revisions of a tenant's policies. They are only added: replacing makes the next one, rolling back makes the next one with the
 * sources of an older one. Of two who make the same next one, one wins.
 */
import { SallyportError } from '../errors.ts'
import { digestOf } from '../guard/canonical.ts'
import { subjectKey } from '../guard/subject-key.ts'
import type { Row, Write } from '../store/port.ts'
import { changeEvent, keep } from './change-event.ts'
import type { Author, PapEnvironment } from './environment.ts'
import type { PolicyText } from './policy-text.ts'
import { splitText } from './text-parts.ts'
import type { Turn } from './turn.ts'

export interface Revision {
  /** From 1. */
  readonly revision: number
  /** SHA-256 of the sources, in hex: the same for the same sources. */
  readonly digest: string
  /** `type:id`. */
  readonly by: string
  /** Milliseconds since 1970. */
  readonly at: number
  readonly note: string
  /** Of one that was rolled back to: which one. */
  readonly from?: number
  readonly sources: readonly SourceInfo[]
}

export interface SourceInfo {
  readonly name: string
  /** In UTF-16 units. */
  readonly size: number
  readonly dialect?: string
}

export interface NextRevision {
  /** The one in force as the author saw it; undefined: there was none. */
  readonly after: Revision | undefined
  readonly sources: readonly PolicyText[]
  /** Taken before the sources were checked. */
  readonly turn: Turn
  readonly by: Author
  /** The permission that it took. */
  readonly action: string
  readonly note?: string
  readonly from?: number
}

export class Revisions {
  readonly #environment: PapEnvironment

  constructor(environment: PapEnvironment) {
    this.#environment = environment
  }

  /** The one in force; undefined when there is none. */
  async head(): Promise<Revision | undefined> {
    const [row] = await this.#environment.store.find('policy_revisions', { descending: true, limit: 1 })
    return row && revisionOf(row)
  }

  /** @throws SallyportError `E_POLICY_REVISION` */
  async get(revision: number): Promise<Revision> {
    return revisionOf(await this.#row(revision))
  }

  /** The newest first. `before`: only older ones than this. */
  async list(limit: number, before?: number): Promise<readonly Revision[]> {
    const where = before === undefined ? [] : ([{ column: 'revision', is: '<', value: before }] as const)
    const rows = await this.#environment.store.find('policy_revisions', { where, descending: true, limit })
    return rows.map(revisionOf)
  }

  /** @throws SallyportError `E_POLICY_REVISION`; `E_STORE_CORRUPT` when the sources are not those that were written */
  async sources(revision: number): Promise<readonly PolicyText[]> {
    const { digest, parts } = await this.#row(revision)
    const texts: string[] = []
    while (texts.length < parts) {
      const where = [
        { column: 'revision', is: '=', value: revision },
        { column: 'part', is: '>=', value: texts.length },
      ] as const
      const rows = await this.#environment.store.find('policy_parts', { where, limit: 20 })
      if (rows.length === 0) break
      texts.push(...rows.map(({ text }) => text))
    }
    const sources = parsed(texts.join(''))
    if (sources === undefined || (await digestOf(sources)) !== digest) {
      throw new SallyportError(
        'E_STORE_CORRUPT',
        `the policies of revision ${revision} are not those that were written`,
      )
    }
    return sources
  }

  /** Undefined when the turn was lost: somebody else has made the next one, or changed entities. */
  async append({ after, sources, turn, by, action, note = '', from }: NextRevision): Promise<Revision | undefined> {
    const { store, now } = this.#environment
    const revision = (after?.revision ?? 0) + 1
    const parts = splitText(JSON.stringify(sources))
    const digest = await digestOf(sources)
    const document: Document = { note, sources: sources.map(infoOf), ...(from !== undefined && { from }) }
    const row: Row<'policy_revisions'> = {
      revision,
      digest,
      by: subjectKey(by),
      at: now(),
      parts: parts.length,
      document: JSON.stringify(document),
    }
    const event = changeEvent(this.#environment, by, {
      action,
      resource: { type: 'policies', id: store.tenant },
      outcome: 'done',
      before: after?.digest ?? null,
      after: digest,
      revision,
    })
    const writes: Write[] = [
      ...turn.statements,
      { insert: 'policy_revisions', row },
      ...parts.map((text, part): Write => ({ insert: 'policy_parts', row: { revision, part, text } })),
      keep(event),
    ]
    return (await store.write(writes)).applied ? revisionOf(row) : undefined
  }

  async #row(revision: number): Promise<Row<'policy_revisions'>> {
    const known = Number.isSafeInteger(revision)
    const row = known ? await this.#environment.store.get('policy_revisions', { revision }) : undefined
    if (row === undefined)
      throw new SallyportError('E_POLICY_REVISION', `there is no revision ${revision} of the policies`)
    return row
  }
}

interface Document {
  readonly note: string
  readonly from?: number
  readonly sources: readonly SourceInfo[]
}

function revisionOf({ revision, digest, by, at, document }: Row<'policy_revisions'>): Revision {
  return { revision, digest, by, at, ...(JSON.parse(document) as Document) }
}

function infoOf({ name, text, dialect }: PolicyText): SourceInfo {
  return { name, size: text.length, ...(dialect !== undefined && { dialect }) }
}

function parsed(text: string): readonly PolicyText[] | undefined {
  try {
    return JSON.parse(text) as readonly PolicyText[]
  } catch {
    return undefined
  }
}
