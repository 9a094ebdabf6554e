/** Static separations of duty against roles and known subjects: who breaks one before any request is made. */
import type { ParsedEntity } from './entity.ts'
import type { ParsedHeldRole } from './held-role.ts'
import type { Position } from './node.ts'
import { quote } from './read.ts'
import { locate, type Report } from './report.ts'
import type { ParsedSeparation } from './separation.ts'

type Roles = ReadonlyMap<string, readonly string[]>

/** The roles that break a static separation by themselves, and the known subjects that do by the roles they hold. */
export function checkSeparations(
  separations: readonly ParsedSeparation[],
  roles: Roles,
  places: ReadonlyMap<string, Position>,
  subjects: readonly ParsedEntity[],
  report: Report,
): void {
  const fixed = separations.filter(({ model }) => model.kind === 'static')
  if (fixed.length === 0) return
  const closures = new Map<string, ReadonlySet<string>>()
  const closureOf = (role: string): ReadonlySet<string> => {
    const known = closures.get(role) ?? closure(roles, role)
    closures.set(role, known)
    return known
  }
  for (const separation of fixed) {
    const breaking = new Set<string>()
    for (const [role, at] of places) {
      const held = heldOf(separation, closureOf(role))
      if (held.length <= separation.model.atMost) continue
      breaking.add(role)
      const found = `the role ${quote(role)} means ${names(held)} together, of which ${rule(separation, at)}`
      report.error('E_SEPARATION', at, found, 'let it inherit fewer of them')
    }
    for (const subject of subjects) {
      // A role that breaks it by itself has been told.
      const own = subject.roles.filter(({ role }) => !breaking.has(role))
      const broken = firstBreak(separation, own, closureOf)
      if (broken === undefined) continue
      const { type, id } = subject.model
      const who = `the subject ${quote(id)} of type ${quote(type)}`
      const found = `${who} holds ${names(broken.held)} together, of which ${rule(separation, broken.at)}`
      report.error('E_SEPARATION', broken.at, found, 'take a role away')
    }
  }
}

/** What the subject holds too much of on some resource, and the role with which it is too much. */
function firstBreak(
  separation: ParsedSeparation,
  roles: readonly ParsedHeldRole[],
  closureOf: (role: string) => ReadonlySet<string>,
): { held: readonly string[]; at: Position } | undefined {
  for (const together of rolesTogether(roles)) {
    const all = new Set<string>()
    for (const { role, at } of together) {
      for (const one of closureOf(role)) all.add(one)
      const held = heldOf(separation, all)
      if (held.length > separation.model.atMost) return { held, at }
    }
  }
  return undefined
}

/** The lists of roles that can be held on one resource: any other, one of a type that is named, one that is named. */
function rolesTogether(roles: readonly ParsedHeldRole[]): readonly (readonly ParsedHeldRole[])[] {
  const everywhere = roles.filter(({ type }) => type === undefined)
  const onTypes = groupBy(roles, ({ type, id }) => (id === undefined ? type : undefined))
  const onIds = groupBy(roles, ({ type, id }) => (id === undefined ? undefined : JSON.stringify([type, id])))
  return [
    everywhere,
    ...[...onTypes.values()].map((some) => [...everywhere, ...some]),
    ...[...onIds.values()].map((some) => [...everywhere, ...(onTypes.get(some[0]?.type ?? '') ?? []), ...some]),
  ]
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string | undefined): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = keyOf(item)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function closure(roles: Roles, role: string): ReadonlySet<string> {
  const held = new Set([role])
  // A set grows while it is walked, so this visits what is inherited, too.
  for (const one of held) for (const inherited of roles.get(one) ?? []) held.add(inherited)
  return held
}

function heldOf({ model }: ParsedSeparation, held: ReadonlySet<string>): readonly string[] {
  return model.roles.filter((role) => held.has(role))
}

function rule({ model, at }: ParsedSeparation, from: Position): string {
  return `the separation at ${locate(at, from)} allows ${model.atMost}`
}

function names(roles: readonly string[]): string {
  return roles.map(quote).join(' and ')
}
