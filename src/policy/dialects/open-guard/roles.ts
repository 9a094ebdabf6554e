/** Role hierarchies: ours have no circles, open-guard's may. */
import type { Position } from '../../node.ts'
import { quote } from '../../read.ts'
import type { Report } from '../../report.ts'
import type { Source } from './source.ts'

export class Roles {
  readonly #hierarchy: ReadonlyMap<string, readonly string[]>
  readonly #reach = new Map<string, ReadonlySet<string>>()
  readonly #named = new Set<string>()

  constructor({ hierarchy, hierarchyAt }: Source, report: Report) {
    this.#hierarchy = hierarchy
    for (const [role, inherited] of hierarchy) for (const name of [role, ...inherited]) this.#named.add(name)
    const circular = [...hierarchy.keys()].filter((role) => this.#circle(role).length > 1)
    if (circular.length === 0 || hierarchyAt === undefined) return
    const found = `roles inherit each other in a circle: ${circular.map(quote).join(', ')}`
    const advice = 'open-guard fails where a subject has one of them; here, who has one has all'
    report.warning('W_IMPORT', hierarchyAt, found, advice)
  }

  /**
   * The roles that a rule for one of `roles` has to name: these, and those that stand in a circle with one of them, since
   * the circle itself is left out of the document.
   */
  holding(roles: readonly string[], report: Report, at: Position): string[] {
    for (const role of roles) {
      if (role.includes('*')) {
        report.error('E_IMPORT', at, `a role cannot be named ${quote(role)} here`, 'take a name without "*"')
      }
      this.#named.add(role)
    }
    return [...new Set(roles.flatMap((role) => [role, ...this.#circle(role)]))]
  }

  /** For the document: every role that is named, and what it inherits outside its circle. */
  document(): Record<string, readonly string[]> | undefined {
    if (this.#named.size === 0) return undefined
    const roles = [...this.#named].map((role) => [role, this.#inherited(role)] as const)
    return Object.fromEntries(roles)
  }

  #inherited(role: string): readonly string[] {
    const circle = this.#circle(role)
    const members = circle.length === 0 ? [role] : circle
    const all = members.flatMap((member) => this.#hierarchy.get(member) ?? [])
    return [...new Set(all)].filter((inherited) => inherited !== role && !circle.includes(inherited))
  }

  #circle(role: string): string[] {
    return [...this.#reached(role)].filter((other) => this.#reached(other).has(role))
  }

  #reached(role: string): ReadonlySet<string> {
    const known = this.#reach.get(role)
    if (known !== undefined) return known
    const reached = new Set(this.#hierarchy.get(role))
    for (const one of reached) for (const next of this.#hierarchy.get(one) ?? []) reached.add(next)
    this.#reach.set(role, reached)
    return reached
  }
}
