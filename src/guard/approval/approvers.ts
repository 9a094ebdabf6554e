/** Who the approvers of a rule are: asked of the engine, which knows roles, relations and groups. */
import type { Engine, Subject } from '../../engine/types.ts'
import type { ApproverModel } from '../../policy/approval-model.ts'
import { holdsByRelations } from '../../relation-source/decide.ts'
import { parseReference, TupleMistake } from '../../tuple/tuple.ts'
import type { GuardEnvironment } from '../environment.ts'
import { type SubjectRef, sameSubject, subjectKey } from '../subject-key.ts'
import { unlessUnknown } from '../unless-unknown.ts'

/** Who can tell. */
type Judge = Pick<GuardEnvironment, 'engine' | 'relations'>

/** What approvers are approvers of, and when. */
export interface ApprovalScene {
  readonly resource: { readonly type: string; readonly id: string }
  readonly now: number
}

/** Whether a subject is one of the approvers. Closed: what cannot be evaluated makes nobody one, nor do policies that are too old. */
export async function isApprover(
  judge: Judge,
  by: readonly ApproverModel[],
  subject: Subject,
  scene: ApprovalScene,
): Promise<boolean> {
  if (areStale(judge.engine)) return false
  for (const approver of by) if (await matches(judge, approver, subject, scene)) return true
  return false
}

/** Whether the engine denies everything, as its bundle was not refreshed in time: it is said of any request. */
function areStale(engine: Engine): boolean {
  const nobody = { type: '', id: '' }
  return engine.evaluate({ subject: nobody, action: { name: '' }, resource: nobody }).code === 'stale_policies'
}

async function matches(
  { engine, relations }: Judge,
  approver: ApproverModel,
  subject: Subject,
  scene: ApprovalScene,
): Promise<boolean> {
  switch (approver.kind) {
    case 'subject':
      return sameSubject(approver, subject)
    case 'role':
      return holdsRole(engine, approver.role, subject, scene)
    case 'relation': {
      const { relation } = approver
      const object = objectOf(approver, scene)
      if (relations !== undefined) return isRelated(relations, subject, relation, object)
      const question = { subject: `${subject.type}:${subject.id}`, relation, object, now: scene.now }
      return unlessUnknown(() => engine.relations.check(question).allowed, false)
    }
  }
}

function holdsRole(engine: Engine, role: string, subject: Subject, { resource, now }: ApprovalScene): boolean {
  return engine.rolesOf({ subject, resource }, { now }).includes(role)
}

function objectOf({ object }: { readonly object?: string }, { resource }: ApprovalScene): string {
  return object ?? `${resource.type}:${resource.id}`
}

/** Asks who knows the relations; what is no object has none. */
async function isRelated(
  relations: NonNullable<Judge['relations']>,
  { type, id }: SubjectRef,
  relation: string,
  object: string,
): Promise<boolean> {
  try {
    return await holdsByRelations(relations, { subject: { type, id }, relation, object: parseReference(object) })
  } catch (error) {
    if (error instanceof TupleMistake) return false
    throw error
  }
}

/**
 * All known approvers, as keys. Those of a role are known subjects of the policies that hold it, those of a relation the subjects that tuples lead
 * to. Undefined when they cannot be counted: everyone of a type is one, all who have a relation to something, or those of a relation that others know.
 */
export function listApprovers(
  engine: Engine,
  by: readonly ApproverModel[],
  scene: ApprovalScene,
): ReadonlySet<string> | undefined {
  const keys = new Set<string>()
  for (const approver of by) {
    const some = knownApprovers(engine, approver, scene)
    if (some === undefined) return undefined
    for (const subject of some) keys.add(subjectKey(subject))
  }
  return keys
}

function knownApprovers(
  engine: Engine,
  approver: ApproverModel,
  scene: ApprovalScene,
): readonly SubjectRef[] | undefined {
  if (approver.kind === 'subject') return [approver]
  if (approver.kind === 'role') {
    return engine
      .entityTypes('subject')
      .flatMap((type) => engine.entities('subject', type).map((id) => ({ type, id })))
      .filter((subject) => holdsRole(engine, approver.role, subject, scene))
  }
  if (engine.elsewhere) return undefined
  const { now } = scene
  const object = objectOf(approver, scene)
  const { relation } = approver
  const found = engine.relations.types.flatMap((type) => {
    const list = () => engine.relations.listSubjects({ object, relation, type, now })
    return unlessUnknown(list, []).map((text) => ({ type, text }))
  })
  if (found.some(({ type, text }) => text === `${type}:*`)) return undefined
  return found.map(({ type, text }) => ({ type, id: text.slice(type.length + 1) }))
}
