/**
 * OPA: policies compiled to WebAssembly by `opa build` (opa/build.sh), run by its npm package. Rules are data, indexed by
 * action, type and role, so that a decision does not look at all of them; attributes come flat, by path.
 */
import { readFile } from 'node:fs/promises'
import { loadPolicy } from '@open-policy-agent/opa-wasm'
import type { AccessRequest } from '../../src/engine/types.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'
import { readPath, rolesOf } from './plain-reading.ts'
import { type PlainRule, type PlainTest, plainRules } from './plain-rules.ts'

interface LoadedPolicy {
  evaluate(input: unknown, entrypoint?: string): readonly [{ readonly result: unknown }]
  setData(data: object): void
}

const pageBytes = 65_536

export const opaWasm: Peer = {
  name: 'opa-wasm',
  description: 'OPA as WebAssembly, @open-policy-agent/opa-wasm: rules as data, indexed, or as Rego; says yes or no',
  takes: (name, { rules }) =>
    ['roles', 'rbac-abac', 'listing', 'worst-case', 'tool-calls', 'chains'].includes(name) && rules <= 100_000,
  async prepare({ name, document, requests }): Promise<PreparedPeer> {
    if (name === 'tool-calls' || name === 'chains') return prepareModule(name, requests[0]!)
    const rules = plainRules(document)
    const toInput = flatInput(rules)
    const first = toInput(requests[0]!)
    const { engine, preparation } = await timePreparation(
      async () => {
        const policy = await loadOpa('indexed', 1 + Math.ceil((rules.length * 2048) / pageBytes))
        policy.setData(indexedData(rules))
        return policy
      },
      (policy) => policy.evaluate(first),
    )
    return {
      input: toInput,
      decide: (input) => engine.evaluate(input, 'bench/allow')[0].result as boolean,
      decideList: (items) => engine.evaluate({ items }, 'bench/decisions')[0].result as boolean[],
      ...(booleanAnswers as Pick<PreparedPeer, 'allowed' | 'verdict' | 'body'>),
      preparation,
    }
  },
}

/** Rules written in Rego, which read the request as it is. */
async function prepareModule(name: string, first: AccessRequest): Promise<PreparedPeer> {
  const { engine, preparation } = await timePreparation(
    () => loadOpa(name),
    (policy) => policy.evaluate(first),
  )
  return {
    input: (request) => request,
    decide: (input) => engine.evaluate(input)[0].result as boolean,
    ...(booleanAnswers as Pick<PreparedPeer, 'allowed' | 'verdict' | 'body'>),
    preparation,
  }
}

/** @param pages of memory to begin with, beyond the package's usual five */
async function loadOpa(name: string, pages = 0): Promise<LoadedPolicy> {
  const wasm = await readFile(new URL(`opa/${name}.wasm`, import.meta.url))
  return loadPolicy(wasm, { initial: 5 + pages })
}

/** `allow` and `deny` → action → type → role → lists of tests. */
function indexedData(rules: readonly PlainRule[]): object {
  const data: Record<string, Record<string, Record<string, Record<string, unknown[]>>>> = { allow: {}, deny: {} }
  for (const { deny, action = '', type = '', role = '', tests } of rules) {
    const byAction = data[deny ? 'deny' : 'allow']!
    byAction[action] ??= {}
    byAction[action][type] ??= {}
    byAction[action][type][role] ??= []
    byAction[action][type][role].push(tests.map(formatTest))
  }
  return data
}

function formatTest({ path, operator, operand }: PlainTest): readonly unknown[] {
  const left = path.join('.')
  if ('path' in operand) return [`${operator}_ref`, left, operand.path.join('.')]
  return [operator, left, 'list' in operand ? operand.list : operand.value]
}

/** Only what the rules read: a document that OPA does not have to parse costs it nothing. */
function flatInput(rules: readonly PlainRule[]): (request: AccessRequest) => unknown {
  const paths = new Map<string, readonly string[]>()
  for (const { path, operand } of rules.flatMap(({ tests }) => tests)) {
    paths.set(path.join('.'), path)
    if ('path' in operand) paths.set(operand.path.join('.'), operand.path)
  }
  return (request) => ({
    action: request.action.name,
    type: request.resource.type,
    roles: rolesOf(request),
    attributes: Object.fromEntries([...paths].map(([key, path]) => [key, readPath(request, path)])),
  })
}
