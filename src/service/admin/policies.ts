/** Policies: reading, trying, replacing, rolling back. */
import Type from 'typebox'
import type { PolicyChange, Replaced } from '../../pap/administered-tenant.ts'
import { namesInPolicies } from '../../pap/own.ts'
import type { PolicyText } from '../../pap/policy-text.ts'
import { formatDiagnostic, PolicyError } from '../../policy/diagnostic.ts'
import { type Answer, operationsWith } from '../operation/operation.ts'
import { ProblemError } from '../problem.ts'
import type { AdminContext } from './context.ts'
import {
  CheckSchema,
  checkBody,
  PoliciesSchema,
  ReplacedSchema,
  RevisionSchema,
  revisionBody,
  shown,
  tagOf,
} from './policy-schemas.ts'
import { limit, noteText, SourceSchema, SourcesSchema } from './schemas.ts'

const define = operationsWith<AdminContext>()
const tag = 'admin: policies'
const path = '/admin/v1/policies'
const ifMatch = Type.Object({ 'if-match': Type.Optional(Type.String({ maxLength: 200 })) })
const replaced = {
  200: { description: 'They are in force.', body: ReplacedSchema, headers: { ETag: 'Of the new revision.' } },
}
const problems = [409, 412, 428]

const getPolicies = define({
  method: 'GET',
  path,
  operationId: 'getPolicies',
  tag,
  summary: 'Tells the policies of the tenant: their texts, and their revision.',
  permission: 'policies:read',
  answers: { 200: { description: 'The policies.', body: PoliciesSchema, headers: { ETag: 'For If-Match.' } } },
  answer: async (_call, { tenant }) => {
    const [head, { texts }] = await Promise.all([
      tenant.isFixed ? undefined : tenant.revisions.head(),
      tenant.policies(),
    ])
    const body = {
      tenant: tenant.tenant,
      writable: !tenant.isFixed,
      revision: head?.revision ?? 0,
      in_force: tenant.revision ?? 0,
      image_id: tenant.engine.image.id,
      left_out: tenant.leftOut,
      sources: texts,
    }
    return { status: 200, body, headers: { ETag: tagOf(head) } }
  },
})

const validatePolicies = define({
  method: 'POST',
  path: `${path}/validate`,
  operationId: 'validatePolicies',
  tag,
  summary: 'Says what replacing the policies by these would say; changes nothing.',
  permission: 'policies:validate',
  body: Type.Object({ sources: SourcesSchema }, { additionalProperties: false }),
  answers: { 200: { description: 'What `sallyport check --json` says.', body: CheckSchema } },
  answer: async ({ body }, { tenant }) => ({ status: 200, body: checkBody(await tenant.check(unique(body.sources))) }),
})

const replacePolicies = define({
  method: 'PUT',
  path,
  operationId: 'replacePolicies',
  tag,
  summary: 'Replaces all policies of the tenant at once, if they are still those of If-Match.',
  permission: 'policies:replace',
  headers: ifMatch,
  body: Type.Object({ sources: SourcesSchema, note: Type.Optional(noteText) }, { additionalProperties: false }),
  answers: replaced,
  problems,
  answer: async ({ body, headers }, context) => {
    const sources = unique(body.sources)
    const onto = ontoOf(headers['if-match'])
    return answerOf(context, { sources, ...termsOf(context, 'policies:replace', onto, body.note) })
  },
})

const rollBackPolicies = define({
  method: 'POST',
  path: `${path}/rollback`,
  operationId: 'rollBackPolicies',
  tag,
  summary: 'Makes a new revision of the sources of an older one, and puts it in force.',
  permission: 'policies:rollback',
  headers: ifMatch,
  body: Type.Object(
    { to: Type.Integer({ minimum: 1 }), note: Type.Optional(noteText) },
    { additionalProperties: false },
  ),
  answers: replaced,
  problems,
  answer: async ({ body, headers }, context) => {
    const onto = ontoOf(headers['if-match'])
    const { to, note } = body
    return answerOf(context, { to, ...termsOf(context, 'policies:rollback', onto, note) })
  },
})

const listRevisions = define({
  method: 'GET',
  path: `${path}/revisions`,
  operationId: 'listPolicyRevisions',
  tag,
  summary: 'Lists the revisions, the newest first.',
  permission: 'policies:read',
  query: Type.Object({ limit, before: Type.Optional(Type.Integer({ minimum: 1 })) }, { additionalProperties: false }),
  answers: { 200: { description: 'A page.', body: Type.Object({ revisions: Type.Array(RevisionSchema) }) } },
  answer: async ({ query }, { tenant }) => {
    const revisions = await tenant.revisions.list(query.limit ?? 100, query.before)
    return { status: 200, body: { revisions: revisions.map(revisionBody) } }
  },
})

const getRevision = define({
  method: 'GET',
  path: `${path}/revisions/{revision}`,
  operationId: 'getPolicyRevision',
  tag,
  summary: 'Tells a revision with its texts.',
  permission: 'policies:read',
  params: Type.Object({ revision: Type.String({ pattern: '^[1-9]\\d{0,14}$' }) }),
  answers: {
    200: {
      description: 'The revision.',
      body: Type.Object({ revision: RevisionSchema, sources: Type.Array(SourceSchema) }),
    },
  },
  answer: async ({ params }, { tenant }) => {
    const revision = await tenant.revisions.get(Number(params.revision))
    return {
      status: 200,
      body: { revision: revisionBody(revision), sources: await tenant.revisions.sources(revision.revision) },
    }
  },
})

export const policyOperations = [
  getPolicies,
  validatePolicies,
  replacePolicies,
  rollBackPolicies,
  listRevisions,
  getRevision,
]

type Change = Parameters<AdminContext['tenant']['replace']>[0] | Parameters<AdminContext['tenant']['rollBack']>[0]

async function answerOf({ tenant }: AdminContext, change: Change): Promise<Answer> {
  const { revision, check, leftOut } = await attempt(() =>
    'to' in change ? tenant.rollBack(change) : tenant.replace(change),
  )
  const body = { revision: revisionBody(revision), diagnostics: check.diagnostics.map(shown), left_out: leftOut }
  return { status: 200, body, headers: { ETag: tagOf(revision) } }
}

/** All mistakes are many lines, and a problem has one. */
async function attempt(change: () => Promise<Replaced>): Promise<Replaced> {
  try {
    return await change()
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const [first] = error.diagnostics
    const more = error.diagnostics.length - 1
    const others = more > 0 ? `; and ${more} more: POST to ${path}/validate tells all` : ''
    throw new ProblemError(400, 'E_POLICY', `${first === undefined ? 'mistakes' : formatDiagnostic(first)}${others}`)
  }
}

/** Who replaces says what: else of two, the later would undo what the earlier did, and neither would know (RFC 6585, section 3). */
function ontoOf(header: string | undefined): number {
  const known = /^"r(0|[1-9]\d{0,14})"$/.exec(header ?? '')?.[1]
  if (known !== undefined) return Number(known)
  if (header === undefined) {
    throw new ProblemError(428, 'E_PRECONDITION', `send If-Match with the ETag of GET ${path}`)
  }
  throw new ProblemError(412, 'E_POLICY_CONFLICT', `If-Match is not an ETag that GET ${path} has given`)
}

/** Names only stand in messages, but of two with the same one nobody would know which is meant. */
function unique(sources: readonly PolicyText[]): readonly PolicyText[] {
  const names = new Set(sources.map(({ name }) => name))
  if (names.size === sources.length) return sources
  throw new ProblemError(400, 'E_REQUEST', 'two sources have the same name')
}

/** Whether it names its author is asked of the revision that it is made onto, and not of the one that was there when the call came in. */
function termsOf(
  { author, require }: AdminContext,
  action: 'policies:replace' | 'policies:rollback',
  onto: number,
  note: string | undefined,
): Omit<PolicyChange, 'sources'> {
  return {
    onto,
    by: author,
    ...(note !== undefined && { note }),
    permit: (before, after) => require(action, { type: 'policies', self: namesInPolicies(author, before, after) }),
  }
}
