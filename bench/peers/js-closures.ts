/** Thirty rules by hand: those of an action's name in a Map, those with a pattern beside it, tests as closures. */
import type { AccessRequest } from '../../src/engine/types.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { applies, compileTest, type Test } from './plain-reading.ts'
import { type PlainRule, plainRules } from './plain-rules.ts'

interface Compiled {
  readonly deny: boolean
  readonly type: string | undefined
  readonly subjectType: string | undefined
  readonly tests: readonly Test[]
}

export const jsClosures: Peer = {
  name: 'js-closures',
  description: 'rules by action, tests as closures, written by hand in JavaScript; says yes or no',
  takes: (name) => name === 'tool-calls' || name === 'agt',
  async prepare({ document, requests }): Promise<PreparedPeer<AccessRequest, boolean>> {
    const { engine, preparation } = await timePreparation(
      () => compile(plainRules(document)),
      (decide) => decide(requests[0]!),
    )
    return { input: (request) => request, decide: engine, ...booleanAnswers, preparation }
  },
}

function compile(rules: readonly PlainRule[]): (request: AccessRequest) => boolean {
  const exact = new Map<string, Compiled[]>()
  const prefixes: { readonly prefix: string; readonly rule: Compiled }[] = []
  // Denials first: the first one that applies settles it.
  for (const { action, deny, type, subjectType, tests } of rules.toSorted((a, b) => Number(b.deny) - Number(a.deny))) {
    const rule: Compiled = { deny, type, subjectType, tests: tests.map(compileTest) }
    if (action === undefined || action.endsWith('*')) prefixes.push({ prefix: action?.slice(0, -1) ?? '', rule })
    else if (exact.has(action)) exact.get(action)?.push(rule)
    else exact.set(action, [rule])
  }
  // For each known action, all of its rules in one list; another action meets the patterns only.
  for (const [action, own] of exact) {
    const more = prefixes.filter(({ prefix }) => action.startsWith(prefix)).map(({ rule }) => rule)
    exact.set(
      action,
      [...own, ...more].toSorted((a, b) => Number(b.deny) - Number(a.deny)),
    )
  }
  const others = new Map<string, readonly Compiled[]>()
  const findOthers = (action: string) => {
    const found = prefixes.filter(({ prefix }) => action.startsWith(prefix)).map(({ rule }) => rule)
    // Bounded: names come from outside.
    if (others.size < 1000) others.set(action, found)
    return found
  }
  return (request) => {
    const { name } = request.action
    const candidates = exact.get(name) ?? others.get(name) ?? findOthers(name)
    for (let i = 0; i < candidates.length; i++) {
      const { deny, type, subjectType, tests } = candidates[i]!
      if (type !== undefined && type !== request.resource.type) continue
      if (subjectType !== undefined && subjectType !== request.subject.type) continue
      if (applies(tests, deny, request)) return !deny
    }
    return false
  }
}
