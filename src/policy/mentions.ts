/** What a rule mentions that can only be checked when all documents of the tenant are known. */
import type { Operator } from './keys.ts'
import type { AttributePath } from './model.ts'
import type { Node, Position } from './node.ts'
import type { Named } from './pattern-list.ts'
import type { AskedRelation } from './relations/asked.ts'

export interface Mentions {
  /** Names of calendars. */
  readonly calendars: Named[]
  /** Types that the type of an actor is compared with. */
  readonly actorTypes: Named[]
  /** Relations that it asks for. */
  readonly relations: AskedRelation[]
  /** Conditions on trust. */
  readonly trust: {
    readonly at: Position
    readonly bounds: readonly { readonly value: number; readonly at: Position }[]
  }[]
}

export function noMentions(): Mentions {
  return { calendars: [], actorTypes: [], relations: [], trust: [] }
}

/** What most rules mention. */
const nothing = noMentions()

/** The same, but one and the same where nothing is mentioned: then the lists can be filled for another rule. */
export function kept(mentions: Mentions): Mentions {
  return isEmpty(mentions) ? nothing : mentions
}

export function isEmpty({ calendars, actorTypes, relations, trust }: Mentions): boolean {
  return calendars.length + actorTypes.length + relations.length + trust.length === 0
}

const comparing: readonly Operator[] = ['eq', 'neq', 'in', 'not_in']

/** Notes the names in a test such as `subject.type: agent` or `chain.root.type: { in: [user, service] }`. */
export function noteActorTypes(operator: Operator, operand: Node, path: AttributePath, mentions: Mentions): void {
  if (!isActorType(path) || path.fold || !comparing.includes(operator)) return
  for (const node of operand.kind === 'list' ? operand.items : [operand]) {
    if (node.kind === 'scalar' && typeof node.scalar === 'string') {
      mentions.actorTypes.push({ name: node.scalar, at: node.at })
    }
  }
}

function isActorType({ root, keys, fixed, always }: AttributePath): boolean {
  if (keys[keys.length - 1] !== 'type') return false
  return (root === 'subject' && fixed) || always === 'string'
}
