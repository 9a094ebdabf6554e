/** Who the approvers of a rule are: asked of the engine, which knows roles, relations and groups. */
import type { Engine, Subject } from '../../engine/types.ts'
import type { ApproverModel } from '../../policy/approval-model.ts'
import { type SubjectRef, sameSubject, subjectKey } from '../subject-key.ts'
import { unlessUnknown } from '../unless-unknown.ts'

/** What approvers are approvers of, and when. */
export interface ApprovalScene {
  readonly resource: { readonly type: string; readonly id: string }
  readonly now: number
}

/** Whether a subject is one of the approvers. Closed: what cannot be evaluated makes nobody one. */
export function isApprover(
  engine: Engine,
  by: readonly ApproverModel[],
  subject: Subject,
  scene: ApprovalScene,
): boolean {
  return by.some((approver) => matches(engine, approver, subject, scene))
}

function matches(engine: Engine, approver: ApproverModel, subject: Subject, { resource, now }: ApprovalScene): boolean {
  switch (approver.kind) {
    case 'subject':
      return sameSubject(approver, subject)
    case 'role':
      return engine.rolesOf({ subject, resource }, { now }).includes(approver.role)
    case 'relation': {
      const { relation } = approver
      const object = approver.object ?? `${resource.type}:${resource.id}`
      const question = { subject: `${subject.type}:${subject.id}`, relation, object, now }
      return unlessUnknown(() => engine.relations.check(question).allowed, false)
    }
  }
}

/**
 * All known approvers, as keys. Those of a role are known subjects of the policies that hold it, those of a relation the subjects that tuples lead
 * to. Undefined when they cannot be counted: everyone of a type is one, or all who have a relation to something.
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
      .filter((subject) => matches(engine, approver, subject, scene))
  }
  const { resource, now } = scene
  const object = approver.object ?? `${resource.type}:${resource.id}`
  const { relation } = approver
  const found = engine.relations.types.flatMap((type) => {
    const list = () => engine.relations.listSubjects({ object, relation, type, now })
    return unlessUnknown(list, []).map((text) => ({ type, text }))
  })
  if (found.some(({ type, text }) => text === `${type}:*`)) return undefined
  return found.map(({ type, text }) => ({ type, id: text.slice(type.length + 1) }))
}
