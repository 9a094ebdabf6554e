/** Conditions written as CEL: the variables of docs/cel.md, and another evaluator. */
import { referenceCel } from './cel.ts'
import { read, type Scope } from './paths.ts'
import { kindOf, type Truth } from './values.ts'

/** What the other evaluator has no values for is below an attribute of the condition: nothing is said about this request. */
export class Incomparable extends Error {
  override name = 'Incomparable'
}

export function evaluateCel(text: string, scope: Scope): Truth {
  const { request } = scope
  const variables = {
    subject: { ...part('subject', text, scope), type: request.subject.type, id: request.subject.id },
    resource: { ...part('resource', text, scope), type: request.resource.type, id: request.resource.id },
    action: { ...part('action', text, scope), name: request.action.name },
    context: part('context', text, scope),
    ...(scope.tuple !== undefined && { tuple: part('tuple', text, scope) }),
  }
  // The other evaluator takes null for nothing: https://github.com/google/cel-spec says a key that is there is there.
  const asked = text.replace(/\bhas\((\w+)\.(\w+)\)/g, (_, root: keyof typeof variables, key: string) =>
    String(Object.hasOwn(variables[root] ?? {}, key)),
  )
  const { type, value } = referenceCel(asked, variables, scope.now)
  return type === 'bool' ? (value as boolean) : 'n.e.'
}

/** The attributes that the text names, and that are there. */
function part(root: string, text: string, scope: Scope): Record<string, unknown> {
  const attributes: [string, unknown][] = []
  for (const [, key = ''] of text.matchAll(new RegExp(`\\b${root}\\.\\??(\\w+)`, 'g'))) {
    const value = read(`${root}.${key}`, scope)
    if (kindOf(value) === 'missing') continue
    attributes.push([key, plain(value, /\bhas\(|\.\?/.test(text))])
  }
  return Object.fromEntries(attributes.filter(([, value]) => value !== undefined))
}

/** A copy of plain values. One that is invalid itself can stand as missing, unless the text asks whether it is there. */
function plain(value: unknown, asks: boolean): unknown {
  if (typeof value === 'string' && !value.isWellFormed()) throw new Incomparable()
  if (kindOf(value) === 'invalid') {
    if (asks) throw new Incomparable()
    return undefined
  }
  if (Array.isArray(value)) return Array.from(value, comparable)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(entries.map(([key, one]) => [comparable(key), comparable(one)]))
}

/** A copy for the other evaluator. */
export function comparable(value: unknown): unknown {
  const copy = plain(value, true)
  if (copy === undefined) throw new Incomparable()
  return copy
}
