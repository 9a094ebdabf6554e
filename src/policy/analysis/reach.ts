/** What no request can reach: routes behind other routes, sets without a route, patterns beside all declared actions. */
import type { Pattern, PolicyModel, RuleModel } from '../model.ts'
import { quote } from '../read.ts'
import { contains, coveredBy } from './containment.ts'
import { type Finding, ruleFinding } from './finding.ts'
import { sayPatterns } from './wording.ts'

export function findUnreachable(model: PolicyModel): Finding[] {
  return [...unreachableRoutes(model), ...unreachableSets(model), ...strayActions(model)]
}

function unreachableRoutes({ routes }: PolicyModel): Finding[] {
  const before: Pattern[] = []
  const findings: Finding[] = []
  let takesAll = false
  for (const { actions, place } of routes) {
    const covered =
      takesAll || (actions.length > 0 && before.length > 0 && actions.every((one) => coveredBy(one, before)))
    if (covered) {
      const what = actions.length === 0 ? 'any action' : sayPatterns(actions)
      const found = `the route for ${what} is never taken: routes before it take all these actions`
      findings.push({ code: 'W_UNREACHABLE', place, found, advice: 'move it up, or remove it', idle: false })
    }
    takesAll ||= actions.length === 0
    before.push(...actions)
  }
  return findings
}

/** Sets that no route names are only asked about actions that no route takes. */
function unreachableSets({ routes, sets }: PolicyModel): Finding[] {
  const last = routes.findIndex(({ actions }) => actions.length === 0)
  if (last < 0) return []
  const named = new Set(routes.slice(0, last + 1).flatMap((route) => route.sets))
  return sets.flatMap(({ name, place, rules }, index) => {
    if (named.has(index) || rules.length === 0) return []
    const found = `no route leads to the set ${quote(name)}, and the routes take all actions`
    const advice = 'name it in a route, or remove it'
    return [{ code: 'W_UNREACHABLE' as const, place, found, advice, idle: false }]
  })
}

/** Patterns that cover none of the declared actions. (Exact names are errors already.) */
function strayActions({ actions, sets, routes }: PolicyModel): Finding[] {
  if (actions.length === 0) return []
  const declared = actions.map((value): Pattern => ({ kind: 'exact', value }))
  const known = new Map<string, boolean>()
  const isStray = (pattern: Pattern): boolean => {
    if (pattern.kind === 'exact') return false
    const stray = known.get(pattern.source) ?? !declared.some((action) => contains(pattern, action))
    known.set(pattern.source, stray)
    return stray
  }
  const tell = (patterns: readonly Pattern[]) => `${sayPatterns(patterns)} covers none of the declared actions`
  const advice = 'mend the pattern, or declare the actions'
  const ofRule = (rule: RuleModel): Finding[] => {
    const strays = rule.actions.filter(isStray)
    if (strays.length === 0) return []
    const never = strays.length === rule.actions.length ? ', so that the rule is about no action' : ''
    return [ruleFinding(rule, { code: 'W_UNREACHABLE', found: tell(strays) + never, advice })]
  }
  const ofRoutes = routes.flatMap((route): Finding[] => {
    const strays = route.actions.filter(isStray)
    if (strays.length === 0) return []
    const found = `${tell(strays)}, in a route`
    return [{ code: 'W_UNREACHABLE', place: route.place, found, advice, idle: false }]
  })
  return [...sets.flatMap((set) => set.rules.flatMap(ofRule)), ...ofRoutes]
}
