/**
 * Relations, straight from the document: "Relations" of docs/policy-reference.md. Every way is tried anew, and nothing is
 * remembered, so only few tuples.
 */
import type { RelatedSource, RewriteSource, TermSource } from '../../src/policy/document.ts'
import type { TupleInput } from '../../src/tuple/tuple.ts'
import { evaluateCondition, isReference } from './conditions.ts'
import { evaluateParameters, hasParameters } from './parameters.ts'
import { read, type Scope } from './paths.ts'
import { all, any, isText, not, type Truth } from './values.ts'

export interface Thing {
  readonly type: string
  readonly id: string
}

export interface Subject extends Thing {
  readonly relation?: string
}

export interface Fact {
  readonly object: Thing
  readonly relation: string
  readonly subject: Subject
  readonly condition?: { readonly name: string; readonly context: unknown }
}

/** A tuple in either form. */
export function factOf(tuple: TupleInput): Fact {
  if (typeof tuple === 'string') {
    const [, object = '', relation = '', subject = ''] = /^([^#]*)#([^@]*)@(.*)$/su.exec(tuple) ?? []
    return { object: thing(object), relation, subject: thing(subject) }
  }
  const { object, relation, subject, condition } = tuple
  const fact = { object: thing(object), relation, subject: thing(subject) }
  if (condition === undefined) return fact
  const { name, context = {} } = typeof condition === 'string' ? { name: condition } : condition
  return { ...fact, condition: { name, context } }
}

export function thing(text: string): Subject {
  const [, type = '', id = '', relation] = /^([^:]*):([^#]*)(?:#(.*))?$/su.exec(text) ?? []
  return relation === undefined ? { type, id } : { type, id, relation }
}

/** The condition `related`. */
export function related({ subject, relation, object }: RelatedSource, scope: Scope): Truth {
  const who = term(subject, 'subject', scope)
  const what = term(object, 'resource', scope)
  if (who === 'n.e.' || what === 'n.e.') return 'n.e.'
  const asked =
    typeof subject === 'object' && subject.relation !== undefined ? { ...who, relation: subject.relation } : who
  return hasRelation(asked, relation, what, scope)
}

function term(source: TermSource | string | undefined, root: 'subject' | 'resource', scope: Scope): Thing | 'n.e.' {
  if (source === undefined) return { type: scope.request[root].type, id: scope.request[root].id }
  if (typeof source === 'string') {
    const text = read(source, scope)
    if (!isText(text)) return 'n.e.'
    const colon = text.indexOf(':')
    return colon > 0 && colon < text.length - 1 ? { type: text.slice(0, colon), id: text.slice(colon + 1) } : 'n.e.'
  }
  const [type, id] = [source.type, source.id].map((part) => (isReference(part) ? read(part.ref, scope) : part))
  return isText(type) && isText(id) ? { type, id } : 'n.e.'
}

interface Step {
  readonly object: Thing
  readonly relation: string
}

/** Whether the subject has the relation to the object. */
export function hasRelation(subject: Subject, relation: string, object: Thing, scope: Scope): Truth {
  const facts = (scope.document.entities?.tuples ?? []).map(factOf)
  const names = (one: Thing) => facts.some((fact) => same(fact.object, one) || same(fact.subject, one))
  const everyone = subject.relation === undefined && names({ type: subject.type, id: '*' })
  // "What no tuple names has no relation, and nobody has one to it", but for what follows by itself.
  const itself = subject.relation !== undefined && same(subject, object)
  if (!itself && !(names(object) && (names(subject) || everyone))) return false
  return new Check(subject, facts, scope).has(object, relation, [], 0)
}

class Check {
  readonly subject: Subject
  readonly facts: readonly Fact[]
  readonly scope: Scope

  constructor(subject: Subject, facts: readonly Fact[], scope: Scope) {
    this.subject = subject
    this.facts = facts
    this.scope = scope
  }

  /** `excluded`: how many steps of the path come before the innermost exclusion. */
  has(object: Thing, relation: string, path: readonly Step[], excluded: number): Truth {
    const { subject, scope } = this
    if (subject.relation === relation && same(subject, object)) return true
    const rewrite = this.rewrite(object.type, relation)
    if (rewrite === undefined) return false
    const before = path.findIndex((step) => step.relation === relation && same(step.object, object))
    if (before >= 0) return before < excluded ? 'n.e.' : false
    if (path.length >= (scope.document.relation_depth ?? 25)) {
      scope.onCut?.()
      return 'n.e.'
    }
    return this.apply(rewrite, { object, relation }, [...path, { object, relation }], excluded)
  }

  rewrite(type: string, relation: string): RewriteSource | undefined {
    const types = this.scope.document.relations as Readonly<Record<string, Readonly<Record<string, RewriteSource>>>>
    return types !== undefined && Object.hasOwn(types, type) && Object.hasOwn(types[type]!, relation)
      ? types[type]![relation]
      : undefined
  }

  apply(rewrite: RewriteSource, step: Step, path: readonly Step[], excluded: number): Truth {
    if (typeof rewrite === 'string') return this.has(step.object, rewrite, path, excluded)
    if (isDirect(rewrite)) return this.direct(step, path, excluded)
    if ('any' in rewrite) return any(rewrite.any.map((one) => this.apply(one, step, path, excluded)))
    if ('all' in rewrite) return all(rewrite.all.map((one) => this.apply(one, step, path, excluded)))
    if ('base' in rewrite) {
      const base = this.apply(rewrite.base, step, path, excluded)
      return base === false ? false : all([base, not(this.apply(rewrite.except, step, path, path.length))])
    }
    const reached = this.tuples(step.object, rewrite.from)
    return any(reached.map((fact) => all([this.holds(fact), this.has(fact.subject, rewrite.relation, path, excluded)])))
  }

  direct({ object, relation }: Step, path: readonly Step[], excluded: number): Truth {
    const { subject } = this
    return any(
      this.tuples(object, relation).map((fact) => {
        const given = fact.subject
        const named = same(given, subject) && given.relation === subject.relation
        const everyone = given.id === '*' && given.type === subject.type && subject.relation === undefined
        if (named || everyone) return this.holds(fact)
        if (given.relation === undefined) return false
        const userset = { object: given, relation: given.relation }
        // "Members of members are looked up whole, and are no steps."
        const inside = this.leadsToMembers(object.type, relation)
          ? this.isMember(userset, [])
          : this.has(given, given.relation, path, excluded)
        return all([this.holds(fact), inside])
      }),
    )
  }

  /** Whether all usersets that can have the relation are of relations that tuples without conditions give, and so on. */
  leadsToMembers(type: string, relation: string, above: readonly string[] = []): boolean {
    const name = `${type}#${relation}`
    if (above.includes(name)) return true
    return this.usersetsOf(type, relation).every((one) => {
      const { object, relation: of } = one
      const rewrite = this.rewrite(object, of)
      if (rewrite === undefined || !isDirect(rewrite) || rewrite.some((item) => item.includes(' with '))) return false
      return this.leadsToMembers(object, of, [...above, name])
    })
  }

  usersetsOf(type: string, relation: string): { readonly object: string; readonly relation: string }[] {
    const rewrite = this.rewrite(type, relation)
    return (rewrite === undefined ? [] : listed(rewrite)).flatMap((item) => {
      const [, object, of] = /^([^#:\s]+)#(\S+)/.exec(item) ?? []
      return object === undefined || of === undefined ? [] : [{ object, relation: of }]
    })
  }

  /** Members by tuples alone; conditions there are none. */
  isMember({ object, relation }: Step, seen: readonly Step[]): boolean {
    const { subject } = this
    if (subject.relation === relation && same(subject, object)) return true
    if (seen.some((step) => step.relation === relation && same(step.object, object))) return false
    const next = [...seen, { object, relation }]
    return this.tuples(object, relation).some(({ subject: given }) => {
      if (given.relation !== undefined) return this.isMember({ object: given, relation: given.relation }, next)
      return (
        subject.relation === undefined && given.type === subject.type && (given.id === '*' || given.id === subject.id)
      )
    })
  }

  tuples(object: Thing, relation: string): readonly Fact[] {
    return this.facts.filter((fact) => fact.relation === relation && same(fact.object, object))
  }

  holds({ condition }: Fact): Truth {
    if (condition === undefined) return true
    const named = this.scope.document.conditions![condition.name]!
    const scope = { ...this.scope, tuple: condition.context }
    return hasParameters(named) ? evaluateParameters(named, scope) : evaluateCondition(named, scope)
  }
}

/** Every item of every list in it. */
function listed(rewrite: RewriteSource): readonly string[] {
  if (typeof rewrite === 'string') return []
  if (isDirect(rewrite)) return rewrite
  if ('any' in rewrite) return rewrite.any.flatMap(listed)
  if ('all' in rewrite) return rewrite.all.flatMap(listed)
  return 'base' in rewrite ? [...listed(rewrite.base), ...listed(rewrite.except)] : []
}

function isDirect(rewrite: RewriteSource): rewrite is readonly string[] {
  return Array.isArray(rewrite)
}

function same(a: Thing, b: Thing): boolean {
  return a.type === b.type && a.id === b.id
}
