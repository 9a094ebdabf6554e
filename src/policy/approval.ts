/** Reading `approval`: who decides what a rule puts under review. */
import { parseReference, TupleMistake } from '../tuple/tuple.ts'
import type { ApprovalModel, ApprovalStage, ApproverModel, QuorumModel } from './approval-model.ts'
import type { Effect } from './document.ts'
import { approvalKeys, approvalOrders, approverKeys, escalateKeys } from './keys.ts'
import type { MapNode, Node, Nodes } from './node.ts'
import type { Named } from './pattern-list.ts'
import { describe, quote, readRecord, readString } from './read.ts'
import { attempt, Refusal } from './refusal.ts'
import type { AskedRelation } from './relations/asked.ts'
import type { Report } from './report.ts'
import { readWaiting } from './waiting.ts'

/** What approvers name, to be checked when all documents of the tenant are known. */
export interface ApproverNames {
  readonly roles: Named[]
  readonly relations: AskedRelation[]
  /** Types that the rule's resource may have; empty when that is not known. */
  readonly resourceTypes: readonly string[]
}

const example = 'write approval: { by: role:manager }'
const [hour, day] = [3_600_000, 86_400_000]
const mostUses = 1_000_000

/** Reads `approval` of a rule; undefined when there is none, or it has mistakes. */
export function readApproval(
  rule: MapNode,
  effect: Effect | undefined,
  names: ApproverNames,
  report: Report,
): ApprovalModel | undefined {
  const entry = rule.entries.get('approval')
  if (entry === undefined) return undefined
  if (effect === 'allow' || effect === 'deny') {
    report.error('E_APPROVAL', entry.at, `"approval" stands in a rule with "${effect}"`, 'write review instead')
  }
  const map = readRecord(entry.value, report, '"approval"', approvalKeys, { advice: example })
  if (map === undefined) return undefined
  const at = (key: string): Node | undefined => map.entries.get(key)?.value
  if (at('by') === undefined) report.error('E_MISSING', map.at, '"approval" names nobody', example)
  const by = readApprovers(at('by'), '"by"', names, report)
  const quorum = readQuorum(at('quorum'), report)
  const stages = stagesOf(by, quorum, readOrder(at('order'), report))
  warnUnreachable(stages, map, report)
  const escalate = readEscalation(at('escalate'), names, report)
  const within = readDuration(at('within'), '"within"', day, report)
  if (escalate !== undefined && escalate.after >= within) {
    const found = 'the escalation comes when the request has expired already'
    report.error('E_APPROVAL', at('escalate')?.at ?? map.at, found, 'make "after" shorter than "within"')
  }
  const valid = readDuration(at('valid'), '"valid"', hour, report)
  return { stages, within, valid, uses: readUses(at('uses'), report), ...(escalate && { escalate }) }
}

function stagesOf(
  by: readonly ApproverModel[],
  quorum: QuorumModel,
  order: (typeof approvalOrders)[number],
): readonly ApprovalStage[] {
  return order === 'parallel' ? [{ by, quorum }] : by.map((one) => ({ by: [one], quorum }))
}

function readApprovers(
  node: Node | undefined,
  what: string,
  names: ApproverNames,
  report: Report,
): readonly ApproverModel[] {
  if (node === undefined) return []
  const items: Nodes = node.kind === 'list' ? node.items : [node]
  if (items.length === 0) report.error('E_MISSING', node.at, `${what} of "approval" is empty`, 'name an approver')
  return items.flatMap((item) => {
    const approver = item.kind === 'map' ? readApprover(item, report) : readApproverText(item, report)
    if (approver !== undefined) noteNames(approver, item, names)
    return approver ?? []
  })
}

function readApproverText(node: Node, report: Report): ApproverModel | undefined {
  const text = readString(node, report, 'an approver')
  if (text === undefined) return undefined
  const [, kind, name = ''] = /^(role|relation):(.+)$/s.exec(text) ?? []
  if (kind === 'role') return { kind: 'role', role: name }
  if (kind === 'relation') return { kind: 'relation', relation: name }
  if (text.startsWith('group:')) return { kind: 'relation', relation: 'member', object: text }
  return subjectNamed(text, node, report)
}

function readApprover(node: MapNode, report: Report): ApproverModel | undefined {
  const map = readRecord(node, report, 'an approver', approverKeys)
  const text = (key: string): string | undefined => {
    const value = map?.entries.get(key)?.value
    return value && readString(value, report, `"${key}" of an approver`)
  }
  const [role, relation, of, id] = [text('role'), text('relation'), text('of'), text('id')]
  const given = [role, relation, id].filter((one) => one !== undefined)
  if (given.length !== 1 || (of !== undefined && relation === undefined)) {
    const advice = 'write { role: … }, { relation: … }, { relation: …, of: type:id } or { id: type:id }'
    report.error('E_APPROVAL', node.at, 'an approver is not formed as one', advice)
    return undefined
  }
  if (role !== undefined) return { kind: 'role', role }
  if (id !== undefined) return subjectNamed(id, node, report)
  if (of !== undefined && referenceOf(of, node, report) === undefined) return undefined
  return { kind: 'relation', relation: relation ?? '', ...(of !== undefined && { object: of }) }
}

function subjectNamed(text: string, node: Node, report: Report): ApproverModel | undefined {
  const reference = referenceOf(text, node, report)
  return reference && { kind: 'subject', ...reference }
}

function referenceOf(text: string, { at }: Node, report: Report): { type: string; id: string } | undefined {
  return attempt(report, 'E_APPROVAL', at, 'an approver cannot be ', () => {
    try {
      const { type, id } = parseReference(text)
      return { type, id }
    } catch (error) {
      if (!(error instanceof TupleMistake)) throw error
      throw new Refusal(quote(text), `write role:…, relation:…, group:… or a subject such as user:${text}`)
    }
  })
}

function noteNames(approver: ApproverModel, { at }: Node, { roles, relations, resourceTypes }: ApproverNames): void {
  if (approver.kind === 'role') roles.push({ name: approver.role, at })
  if (approver.kind !== 'relation') return
  const { relation, object } = approver
  const objectTypes = object === undefined ? resourceTypes : [parseReference(object).type]
  relations.push({ relation, objectTypes, subjectTypes: [], subjectRelation: undefined, at })
}

function readQuorum(node: Node | undefined, report: Report): QuorumModel {
  if (node === undefined) return { kind: 'count', count: 1 }
  const value = node.kind === 'scalar' ? node.scalar : undefined
  if (value === 'any') return { kind: 'count', count: 1 }
  if (value === 'all') return { kind: 'all' }
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return { kind: 'count', count: value }
  const percent = typeof value === 'string' ? Number(/^(\d{1,3})%$/.exec(value)?.[1]) : Number.NaN
  if (percent >= 1 && percent <= 100) return { kind: 'share', percent }
  if (node.kind === 'broken') report.problem(node)
  else
    report.error('E_APPROVAL', node.at, `a quorum cannot be ${describe(node)}`, 'write any, all, a number or, say, 60%')
  return { kind: 'count', count: 1 }
}

function readOrder(node: Node | undefined, report: Report): (typeof approvalOrders)[number] {
  const text = node === undefined ? undefined : readString(node, report, '"order" of "approval"')
  const order = approvalOrders.find((known) => known === text)
  if (node !== undefined && text !== undefined && order === undefined) {
    report.error('E_APPROVAL', node.at, `unknown order ${quote(text)}`, `write ${approvalOrders.join(' or ')}`)
  }
  return order ?? 'parallel'
}

function readEscalation(node: Node | undefined, names: ApproverNames, report: Report): ApprovalModel['escalate'] {
  const map = node && readRecord(node, report, '"escalate"', escalateKeys)
  if (map === undefined) return undefined
  for (const key of escalateKeys) {
    if (!map.entries.has(key)) {
      report.error('E_MISSING', map.at, `"escalate" has no "${key}"`, 'write { after: 1h, to: role:director }')
    }
  }
  const after = readDuration(map.entries.get('after')?.value, '"after"', hour, report)
  return { after, by: readApprovers(map.entries.get('to')?.value, '"to"', names, report) }
}

function readDuration(node: Node | undefined, what: string, otherwise: number, report: Report): number {
  const text = node === undefined ? undefined : readString(node, report, `${what} of "approval"`)
  if (node === undefined || text === undefined) return otherwise
  const read = readWaiting(text)
  if (typeof read === 'number') return read
  report.error('E_TIME', node.at, `${what} of "approval": ${read.message}`, read.advice)
  return otherwise
}

function readUses(node: Node | undefined, report: Report): number {
  if (node === undefined) return 1
  const value = node.kind === 'scalar' ? node.scalar : undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= mostUses) return value
  if (node.kind === 'broken') report.problem(node)
  else report.error('E_APPROVAL', node.at, `"uses" cannot be ${describe(node)}`, `write a number from 1 to ${mostUses}`)
  return 1
}

function warnUnreachable(stages: readonly ApprovalStage[], { at }: MapNode, report: Report): void {
  for (const { by, quorum } of stages) {
    if (quorum.kind !== 'count' || by.length === 0 || by.some(({ kind }) => kind !== 'subject')) continue
    const named = new Set(by.map((one) => JSON.stringify(one))).size
    if (quorum.count <= named) continue
    const found = `${quorum.count} must approve, and only ${named} may`
    report.warning('W_APPROVAL', at, found, 'name more approvers, or ask for fewer')
  }
}
