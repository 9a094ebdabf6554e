/** What several operations of administration take and answer. */
import Type from 'typebox'
import { SallyportError } from '../../errors.ts'
import { dialects } from '../../pap/policy-text.ts'
import { fromBase64Url, toBase64Url } from '../../text/base64url.ts'
import { timeText } from '../operation/shapes.ts'

/** `type:id`. No id has NUL, here and below: no store keeps it. */
export const SubjectText = Type.String({
  minLength: 3,
  maxLength: 512,
  pattern: '^[^:\\u0000]+:[^\\u0000]+$',
  description: 'type:id',
})

/** A type, an id or a relation. */
export const nameText = Type.String({ minLength: 1, maxLength: 512, pattern: '^[^\\u0000]+$' })

export const Id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 256, pattern: '^[^\\u0000]+$' }) })

export const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '100 when left out.' }))

export const cursor = Type.Optional(
  Type.String({ maxLength: 4096, description: '`cursor` of the page before; left out: from the first.' }),
)

export const next = Type.Optional(Type.String({ description: 'Where the next page begins; left out on the last one.' }))

/** Nothing is opened under it: but what it is shown to may think otherwise. */
const sourceName = Type.String({
  maxLength: 200,
  pattern: '^(?!\\.)[A-Za-z0-9._-]+(?:/(?!\\.)[A-Za-z0-9._-]+)*$',
  description: 'For messages: a relative path without dot segments.',
})

export const SourceSchema = Type.Object(
  {
    name: sourceName,
    text: Type.String({ description: 'YAML or JSON.' }),
    dialect: Type.Optional(Type.Enum([...dialects])),
  },
  { $id: 'PolicySource', additionalProperties: false },
)

export const SourcesSchema = Type.Array(SourceSchema, { minItems: 1, maxItems: 1000 })

export const noteText = Type.String({ maxLength: 1000, description: 'Why; kept with the change.' })

/** The key of the last row of a page, as a cursor. It names a place and nothing else: whoever makes one up sees what they may see anyway. */
export function cursorAt(key: object): string {
  return toBase64Url(new TextEncoder().encode(JSON.stringify(key)))
}

/** @throws SallyportError `E_CURSOR` */
export function readCursor<K extends string>(text: string, names: readonly K[]): Record<K, string> {
  try {
    const bytes = fromBase64Url(text)
    const key = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Record<string, unknown>
    const values = names.map((name) => key[name])
    if (Object.keys(key).length === names.length && values.every((value) => typeof value === 'string')) {
      return key as Record<K, string>
    }
  } catch {
    // As below.
  }
  throw new SallyportError('E_CURSOR', 'the cursor is none that a page of this list has given')
}

/** `user:ann`; the type ends at the first colon. */
export function subjectFrom(text: string): { readonly type: string; readonly id: string } {
  const colon = text.indexOf(':')
  return { type: text.slice(0, colon), id: text.slice(colon + 1) }
}

/** A row as it is sent: when it was written, as RFC 3339 has it. */
export function dated<R extends { readonly at: number }>(row: R): object {
  return { ...row, at: timeText(row.at) }
}
