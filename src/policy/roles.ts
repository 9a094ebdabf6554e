/** Roles across the documents of a tenant: united, known, and free of cycles. */
import { distance } from 'fastest-levenshtein'
import type { ParsedEntity } from './entity.ts'
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

/** Inherited roles need not be defined; one that nobody names besides, almost like a defined one, is a slip. */
export function warnOfMisspelt(
  documents: readonly ParsedDocument[],
  rules: readonly ParsedRule[],
  subjects: readonly ParsedEntity[],
  report: Report,
): void {
  const defined = new Set(documents.flatMap(({ roles }) => [...(roles?.keys() ?? [])]))
  for (const { roles } of documents) {
    for (const [role, { value, at }] of roles ?? []) {
      for (const inherited of value) {
        if (defined.has(inherited)) continue
        const meant = [...defined].find((one) => one !== role && isSlip(inherited, one))
        if (meant === undefined || isNamed(inherited, documents, rules, subjects)) continue
        const found = `the role ${quote(role)} inherits ${quote(inherited)}, which "roles" does not define`
        report.warning('W_ROLE', at, found, `did you mean ${quote(meant)}?`)
      }
    }
  }
}

/** One letter more, less or other, or two that changed places; a number may differ on purpose. */
function isSlip(word: string, other: string): boolean {
  const letters = (text: string) => text.replace(/[0-9]+/g, '0')
  if (word.length < 5 || letters(word) === letters(other)) return false
  if (distance(word, other) === 1) return true
  const sorted = (text: string) => [...text].sort().join('')
  return distance(word, other) === 2 && word.length === other.length && sorted(word) === sorted(other)
}

function isNamed(
  role: string,
  documents: readonly ParsedDocument[],
  rules: readonly ParsedRule[],
  subjects: readonly ParsedEntity[],
): boolean {
  return (
    rules.some(({ model, roles }) => model.roles.includes(role) || roles.some(({ name }) => name === role)) ||
    subjects.some(({ roles }) => roles.some((held) => held.role === role)) ||
    documents.some(({ separations }) => separations.some(({ roles }) => roles.some(({ name }) => name === role)))
  )
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
