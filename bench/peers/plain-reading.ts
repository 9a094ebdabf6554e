/** Reading a request by the paths of plain rules, and plain rules by request: for the engines that are written by hand. */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { PlainTest } from './plain-rules.ts'

/** Three-valued, as conditions are: an attribute that is missing makes a test neither hold nor fail. */
export type Test = (request: AccessRequest) => boolean | undefined

/** The value at a path, properties left out as in policies; undefined when it is missing. */
export function readPath(request: AccessRequest, path: readonly string[]): unknown {
  const [root, first, ...rest] = path
  let value: unknown
  if (root === 'context') value = own(request.context, first)
  else if (root === 'subject' || root === 'resource' || root === 'action') {
    const part: object = request[root]
    const named = first === 'id' || first === 'type' || (root === 'action' && first === 'name')
    value = named ? own(part, first) : own(own(part, 'properties'), first)
  } else throw new Error(`no such root: ${root}`)
  for (const key of rest) value = own(value, key)
  return value
}

function own(value: unknown, key: string | undefined): unknown {
  if (typeof value !== 'object' || value === null || key === undefined) return undefined
  return (value as Readonly<Record<string, unknown>>)[key]
}

/** A function for the test, with everything that does not depend on the request done before. */
export function compileTest({ path, operator, operand }: PlainTest): Test {
  const left = compilePath(path)
  if ('list' in operand) {
    const set = new Set<unknown>(operand.list)
    const wanted = operator === 'in'
    if (!wanted && operator !== 'not_in') throw new Error(`no list for ${operator}`)
    return (request) => {
      const a = left(request)
      return a === undefined ? undefined : set.has(a) === wanted
    }
  }
  if (operator === 'glob') return compileGlob(left, operand)
  const right = 'path' in operand ? compilePath(operand.path) : constant(operand.value)
  const compare = compileOperator(operator)
  return (request) => {
    const a = left(request)
    const b = right(request)
    return a === undefined || b === undefined ? undefined : compare(a, b)
  }
}

function compileGlob(left: (request: AccessRequest) => unknown, operand: PlainTest['operand']): Test {
  if (!('value' in operand) || typeof operand.value !== 'string') throw new Error('a pattern is a text')
  const source = operand.value.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^]*')
  const pattern = new RegExp(`^${source}$`)
  return (request) => {
    const a = left(request)
    return typeof a === 'string' ? pattern.test(a) : undefined
  }
}

function constant(value: unknown): (request: AccessRequest) => unknown {
  return () => value
}

/** By name where the path is short: a loop over keys costs several times as much. */
function compilePath(path: readonly string[]): (request: AccessRequest) => unknown {
  const [root, key] = path
  if (path.length === 2 && key !== undefined && key !== 'id' && key !== 'type' && key !== 'name') {
    if (root === 'context') return (request) => request.context?.[key]
    if (root === 'subject') return (request) => request.subject.properties?.[key]
    if (root === 'resource') return (request) => request.resource.properties?.[key]
  }
  const [, , third] = path
  if (path.length === 3 && root === 'context' && key !== undefined && third !== undefined) {
    return (request) => {
      const value = request.context?.[key]
      return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[third] : undefined
    }
  }
  return (request) => readPath(request, path)
}

function compileOperator(operator: PlainTest['operator']): (a: unknown, b: unknown) => boolean | undefined {
  switch (operator) {
    case 'eq':
      return (a, b) => a === b
    case 'neq':
      return (a, b) => a !== b
    case 'gt':
      return numbers((a, b) => a > b)
    case 'gte':
      return numbers((a, b) => a >= b)
    case 'lt':
      return numbers((a, b) => a < b)
    case 'lte':
      return numbers((a, b) => a <= b)
    case 'starts_with':
      return strings((a, b) => a.startsWith(b))
    case 'ends_with':
      return strings((a, b) => a.endsWith(b))
    default:
      throw new Error(`no such operator by hand: ${operator}`)
  }
}

function numbers(compare: (a: number, b: number) => boolean): (a: unknown, b: unknown) => boolean | undefined {
  return (a, b) => (typeof a === 'number' && typeof b === 'number' ? compare(a, b) : undefined)
}

function strings(compare: (a: string, b: string) => boolean): (a: unknown, b: unknown) => boolean | undefined {
  return (a, b) => (typeof a === 'string' && typeof b === 'string' ? compare(a, b) : undefined)
}

/** Whether a rule with these tests applies: all hold, or, for a deny, none fails. */
export function applies(tests: readonly Test[], deny: boolean, request: AccessRequest): boolean {
  for (let i = 0; i < tests.length; i++) {
    const holds = tests[i]!(request)
    if (deny ? holds === false : holds !== true) return false
  }
  return true
}

/** The roles that a request brings, as strings. */
export function rolesOf(request: AccessRequest): readonly string[] {
  const roles = request.subject.properties?.roles
  if (typeof roles === 'string') return [roles]
  return Array.isArray(roles) ? roles.filter((role) => typeof role === 'string') : []
}
