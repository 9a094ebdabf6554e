/**
 * Biscuit: what is known of the chain stands in a token, whose signatures are verified before any timing; policies are Datalog. For a request
 * an authorizer is made of the policies for its action, its facts and the token, as the documentation does it. A builder with the parsed
 * policies is kept for each action, so that none is parsed again.
 */
import type { AuthorizerBuilder, Biscuit, Fact, KeyPair } from '@biscuit-auth/biscuit-wasm'
import type { AccessRequest, Actor, Delegator } from '../../src/engine/types.ts'
import { type ChainRule, chainRulesByAction } from './chain-rules.ts'
import { booleanAnswers, type Peer, type PreparedPeer, timePreparation } from './peer.ts'

type Library = typeof import('@biscuit-auth/biscuit-wasm')

interface Input {
  readonly action: string
  readonly amount: Fact
  /** Parsed, and verified. */
  readonly token: Biscuit
}

/** Above what any request takes: by default an authorizer ends after a millisecond. */
const LIMITS = { max_facts: 1000, max_iterations: 100, max_time_micro: 1_000_000 }

export const biscuit: Peer = {
  name: 'biscuit-wasm',
  description:
    '@biscuit-auth/biscuit-wasm: the chain in a verified token, policies in Datalog by action; says yes or no',
  takes: (name) => name === 'chains',
  async prepare({ document, requests }): Promise<PreparedPeer<Input, boolean>> {
    const library = await load()
    const keys = new library.KeyPair(library.SignatureAlgorithm.Ed25519)
    const first = toInput(library, keys, requests[0]!)
    const { engine, preparation } = await timePreparation(
      () => policiesByAction(library, chainRulesByAction(document)),
      (policies) => decide(library, policies, first),
    )
    return {
      input: (request) => toInput(library, keys, request),
      decide: (input) => decide(library, engine, input),
      ...booleanAnswers,
      preparation,
    }
  },
}

/** It tells standard output that it is loaded, where results go. */
async function load(): Promise<Library> {
  const { log } = console
  console.log = () => {}
  try {
    return await import('@biscuit-auth/biscuit-wasm')
  } finally {
    console.log = log
  }
}

function decide(library: Library, policies: ReadonlyMap<string, AuthorizerBuilder>, input: Input): boolean {
  const ofAction = policies.get(input.action)
  if (ofAction === undefined) return false
  const builder = new library.AuthorizerBuilder()
  builder.merge(ofAction)
  builder.addFact(input.amount)
  const authorizer = builder.buildAuthenticated(input.token)
  try {
    authorizer.authorizeWithLimits(LIMITS)
    return true
  } catch (error) {
    if (isDenial(error)) return false
    throw error
  } finally {
    authorizer.free()
  }
}

/** What is thrown for the last policy, which denies; limits and broken Datalog throw other things. */
function isDenial(error: unknown): boolean {
  return JSON.stringify(error).includes('"policy":{"Deny"')
}

function policiesByAction(
  library: Library,
  byAction: ReadonlyMap<string, readonly ChainRule[]>,
): Map<string, AuthorizerBuilder> {
  return new Map(
    [...byAction].map(([action, rules]) => {
      const builder = new library.AuthorizerBuilder()
      for (const rule of rules) builder.addCode(policyOf(rule))
      builder.addCode('deny if true;')
      return [action, builder]
    }),
  )
}

function policyOf({ department, depth, trust, amount }: ChainRule): string {
  const chain = `root("user", ${JSON.stringify(department)}), depth($depth), $depth <= ${depth}`
  return `allow if ${chain}, trusts($all), $all.all($one -> $one >= ${trust}), amount($amount), $amount <= ${amount};`
}

function toInput(library: Library, keys: KeyPair, { subject, action, context }: AccessRequest): Input {
  const builder = new library.BiscuitBuilder()
  builder.addCode(factsOf(subject).join('\n'))
  const bytes = builder.build(keys.getPrivateKey()).toBytes()
  return {
    action: action.name,
    amount: library.Fact.fromString(`amount(${Number(context?.amount)})`),
    token: library.Biscuit.fromBytes(bytes, keys.getPublicKey()),
  }
}

/** Of the actor in front, and of those for whom it acts. */
function factsOf(subject: Actor & { readonly on_behalf_of?: Delegator }): string[] {
  const actors: Actor[] = [subject]
  for (let actor = subject.on_behalf_of; actor !== undefined; actor = actor.on_behalf_of) actors.push(actor)
  const { type, properties } = actors[actors.length - 1]!
  return [
    `root(${JSON.stringify(type)}, ${JSON.stringify(properties?.department ?? '')});`,
    `depth(${actors.length - 1});`,
    `trusts([${actors.map((actor) => Number(actor.properties?.trust_score)).join(', ')}]);`,
  ]
}
