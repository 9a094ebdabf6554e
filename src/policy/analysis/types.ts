/** Types inferred along a path: an attribute that one rule takes for a number and another for a string. */
import type { AttributeValue } from '../document.ts'
import type { AttributePath, Comparison, Condition, RuleModel } from '../model.ts'
import { quote } from '../read.ts'
import { type Kind, kindOf, kindsFor } from './constant.ts'
import { isPlain, pathKey } from './evaluable.ts'
import { type Finding, ruleFinding } from './finding.ts'

interface Use {
  readonly rule: RuleModel
  /** Every kind that some test of the rule expects. */
  readonly kinds: Set<Kind>
}

interface Attribute {
  readonly text: string
  readonly uses: Use[]
}

/** A finding for each rule that expects another type of an attribute than most rules do. */
export function findTypes(rules: readonly RuleModel[]): Finding[] {
  const attributes = new Map<string, Attribute>()
  for (const rule of rules) if (rule.condition !== undefined) collect(rule, rule.condition, attributes)
  return [...attributes.values()].flatMap(disagreements)
}

function collect(rule: RuleModel, condition: Condition, attributes: Map<string, Attribute>): void {
  switch (condition.kind) {
    case 'all':
    case 'any':
      for (const part of condition.of) collect(rule, part, attributes)
      return
    case 'not':
    case 'otherwise':
      collect(rule, condition.of, attributes)
      return
    default:
      if (isPlain(condition) && !isKnownType(condition.path))
        note(rule, condition.path, expected(condition), attributes)
  }
}

/** Where the type is known, the parser has compared it with the operator already. */
function isKnownType(path: AttributePath): boolean {
  return path.fixed || path.root === 'now' || path.root === 'item'
}

/** What the author takes the attribute for; nothing when the test fits every type. */
function expected(test: Comparison): readonly Kind[] {
  if (!isPlain(test) || test.kind === 'exists') return []
  if (test.kind !== 'test' || (test.op !== 'eq' && test.op !== 'in')) return kindsFor(test, true)
  if (test.operand.kind === 'path') return []
  const { value } = test.operand
  const values: readonly AttributeValue[] = test.op === 'in' && Array.isArray(value) ? value : [value]
  // A null stands for nothing of a type.
  return values.filter((one) => one !== null).map(kindOf)
}

function note(rule: RuleModel, path: AttributePath, kinds: readonly Kind[], attributes: Map<string, Attribute>): void {
  if (kinds.length === 0) return
  const key = pathKey(path)
  const attribute = attributes.get(key) ?? { text: path.text, uses: [] }
  attributes.set(key, attribute)
  const last = attribute.uses.at(-1)
  if (last?.rule === rule) for (const kind of kinds) last.kinds.add(kind)
  else attribute.uses.push({ rule, kinds: new Set(kinds) })
}

function disagreements({ text, uses }: Attribute): Finding[] {
  const usual = mostUsual(uses)
  if (usual === undefined) return []
  return uses
    .filter(({ kinds }) => !kinds.has(usual.kind))
    .map(({ rule, kinds }) => {
      const found = `${quote(text)} is taken for ${sayKinds(kinds)} in rule ${quote(rule.id)}, and for ${sayKinds([usual.kind])} in ${quote(usual.rule.id)}`
      const advice = 'compare it with one type everywhere; values of another type never fit'
      return ruleFinding(rule, { code: 'W_TYPES', found, advice })
    })
}

/** The kind that most rules can live with, and the first rule that expects it. */
function mostUsual(uses: readonly Use[]): { readonly kind: Kind; readonly rule: RuleModel } | undefined {
  let best: { readonly kind: Kind; readonly rule: RuleModel; readonly count: number } | undefined
  for (const kind of new Set(uses.flatMap(({ kinds }) => [...kinds]))) {
    const expecting = uses.filter(({ kinds }) => kinds.has(kind))
    if (best === undefined || expecting.length > best.count) {
      best = { kind, rule: expecting[0]!.rule, count: expecting.length }
    }
  }
  return best
}

function sayKinds(kinds: Iterable<Kind>): string {
  return [...kinds].map((kind) => `a ${kind}`).join(' or ')
}
