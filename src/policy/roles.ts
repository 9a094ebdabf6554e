/** Roles across the documents of a tenant: united, known, and free of cycles. */
import type { Position } from './node.ts'
import type { ParsedDocument } from './parse.ts'
import type { Named } from './pattern-list.ts'
import { quote } from './read.ts'
import { locate, type Report } from './report.ts'
import type { ParsedRule } from './rule.ts'
import { didYouMean } from './suggest.ts'

export interface MergedRoles {
  /** Role → the roles it inherits; every inherited role is a key too. */
  readonly roles: Map<string, readonly string[]>
  /** Where each role is defined. */
  readonly places: ReadonlyMap<string, Position>
}

export function mergeRoles(documents: readonly ParsedDocument[], report: Report): MergedRoles {
  const roles = new Map<string, readonly string[]>()
  const places = new Map<string, Position>()
  for (const [role, { value, at }] of documents.flatMap((document) => [...(document.roles ?? [])])) {
    const earlier = places.get(role)
    if (earlier === undefined) {
      roles.set(role, value)
      places.set(role, at)
    } else {
      const advice = `the first one is at ${locate(earlier, at)}; keep one`
      report.error('E_DUPLICATE', at, `the role ${quote(role)} occurs twice`, advice)
    }
  }
  reportCycles(roles, places, report)
  for (const inherited of [...roles.values()].flat()) if (!roles.has(inherited)) roles.set(inherited, [])
  return { roles, places }
}

/** A role that a rule or a separation names must be known, if the tenant says which roles there are. */
export function checkRoles(
  roles: ReadonlyMap<string, readonly string[]>,
  documents: readonly ParsedDocument[],
  rules: readonly ParsedRule[],
  report: Report,
): void {
  if (documents.every((document) => document.roles === undefined)) return
  const known = [...roles.keys()]
  const check = ({ name, at }: Named, rule?: string): void => {
    if (roles.has(name) || name.includes('*')) return
    const where = rule === undefined ? report : report.inRule(rule)
    where.error('E_ROLE', at, `unknown role ${quote(name)}`, didYouMean(name, known) ?? 'add it to "roles"')
  }
  for (let i = 0; i < rules.length; i++) {
    const { model, roles: named } = rules[i]!
    for (let j = 0; j < named.length; j++) check(named[j]!, model.id)
  }
  for (const { roles: named } of documents.flatMap((document) => document.separations)) {
    for (const one of named) check(one)
  }
}

/** Depth first, without recursion, because chains of roles may be long. */
function reportCycles(
  roles: ReadonlyMap<string, readonly string[]>,
  places: ReadonlyMap<string, Position>,
  report: Report,
): void {
  const done = new Set<string>()
  for (const start of roles.keys()) {
    const path: { role: string; next: number }[] = [{ role: start, next: 0 }]
    const open = new Set([start])
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const inherited = done.has(top.role) ? undefined : roles.get(top.role)?.[top.next++]
      if (inherited === undefined) {
        done.add(top.role)
        open.delete(top.role)
        path.pop()
      } else if (open.has(inherited)) {
        const names = path.map(({ role }) => role)
        const cycle = [...names.slice(names.indexOf(inherited)), inherited].join(' → ')
        const at = places.get(top.role)
        if (at !== undefined)
          report.error(
            'E_ROLE_CYCLE',
            at,
            `roles inherit one another in a circle: ${cycle}`,
            'remove one of these steps',
          )
      } else if (!done.has(inherited)) {
        open.add(inherited)
        path.push({ role: inherited, next: 0 })
      }
    }
  }
}
