/** What operations on policies answer. */
import Type from 'typebox'
import type { Check } from '../../pap/check.ts'
import type { Revision } from '../../pap/revisions.ts'
import type { Diagnostic } from '../../policy/diagnostic.ts'
import { Time, timeText } from '../operation/shapes.ts'
import { SourceSchema } from './schemas.ts'

export const RevisionSchema = Type.Object(
  {
    revision: Type.Integer({ minimum: 1 }),
    digest: Type.String({ description: 'SHA-256 of the sources, in hex.' }),
    by: Type.String({ description: 'Who made it: type:id.' }),
    at: Time,
    note: Type.String(),
    from: Type.Optional(Type.Integer({ description: 'The revision that it rolled back to.' })),
    sources: Type.Array(
      Type.Object({ name: Type.String(), size: Type.Integer(), dialect: Type.Optional(Type.String()) }),
    ),
  },
  { $id: 'PolicyRevision' },
)

export const PoliciesSchema = Type.Object(
  {
    tenant: Type.String(),
    writable: Type.Boolean({ description: 'False: the host keeps the policies.' }),
    revision: Type.Integer({ minimum: 0, description: 'The newest one; 0: there is none.' }),
    in_force: Type.Integer({ minimum: 0, description: 'The one that decides in the process that answers.' }),
    image_id: Type.String({ description: 'SHA-256 of the image that decides, in hex.' }),
    left_out: Type.Array(Type.String(), { description: 'Kept tuples that the policies do not allow.' }),
    sources: Type.Array(SourceSchema),
  },
  { $id: 'Policies' },
)

const DiagnosticSchema = Type.Object(
  {
    severity: Type.Enum(['error', 'warning']),
    code: Type.String(),
    message: Type.String(),
    place: Type.Object({ file: Type.String(), line: Type.Integer(), column: Type.Integer(), path: Type.String() }),
    rule: Type.Optional(Type.String()),
  },
  { $id: 'Diagnostic' },
)

export const CheckSchema = Type.Object(
  {
    ok: Type.Boolean({ description: 'Whether they could be put in force; warnings allowed.' }),
    diagnostics: Type.Array(DiagnosticSchema, { description: 'The first 1,000.' }),
    summary: Type.Object({
      files: Type.Integer(),
      errors: Type.Integer(),
      warnings: Type.Integer(),
      rules: Type.Integer(),
      sets: Type.Integer(),
      tenants: Type.Array(Type.String()),
    }),
  },
  { $id: 'PolicyCheck' },
)

export const ReplacedSchema = Type.Object(
  {
    revision: RevisionSchema,
    diagnostics: Type.Array(DiagnosticSchema, { description: 'Warnings.' }),
    left_out: Type.Array(Type.String(), { description: 'Kept tuples that the policies do not allow; they stay kept.' }),
  },
  { $id: 'PolicyReplacement' },
)

export function revisionBody({ at, ...revision }: Revision): object {
  return { ...revision, at: timeText(at) }
}

/** The entity tag of a revision (RFC 9110, section 8.8.3). */
export function tagOf(revision: Pick<Revision, 'revision'> | undefined): string {
  return `"r${revision?.revision ?? 0}"`
}

/** A text of 1 MiB can have a mistake in every other character; `summary` counts all of them. */
const MOST_DIAGNOSTICS = 1000

export function checkBody({ ok, diagnostics, summary }: Check): object {
  return { ok, diagnostics: diagnostics.slice(0, MOST_DIAGNOSTICS).map(shown), summary }
}

export function shown({ severity, code, message, place, rule }: Diagnostic): object {
  const { file, line, column, path } = place
  return { severity, code, message, place: { file, line, column, path }, ...(rule !== undefined && { rule }) }
}
