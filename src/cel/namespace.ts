/** Namespaces of functions: the `math` of `math.abs(x)`. */
import type { Checker } from './check.ts'
import type { Syntax } from './syntax.ts'

const namespaces: readonly string[] = ['math', 'sets', 'optional', 'base64', 'strings', 'cel']

/** `math` in math.abs(x), when nothing else is called so. */
export function namespaceOf(receiver: Syntax, checker: Checker): string | undefined {
  if (receiver.op !== 'id' || checker.isVariable(receiver.args)) return undefined
  return namespaces.includes(receiver.args) ? receiver.args : undefined
}
