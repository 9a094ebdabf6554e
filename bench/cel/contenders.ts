/**
 * Who evaluates an expression. We are asked for decisions, as users ask for them: reading the request, finding the rule, its
 * condition, the decision. The others evaluate the condition and nothing else, over variables that were prepared before.
 */
import { celEnv, parse as parseBuf, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { timestampFromMs } from '@bufbuild/protobuf/wkt'
import { Environment } from '@marcbachmann/cel-js'
import { parse as parseCelJs } from 'cel-js'
import type { AccessRequest, Engine } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { type Case, now, requestsOf } from './cases.ts'

export interface Contender {
  readonly name: string
  /** Evaluates for all requests once; how often it held. */
  readonly pass: () => number
}

/** Those that can evaluate the expression, and why the others cannot. */
export async function contendersFor(one: Case): Promise<{ contenders: Contender[]; unable: string[] }> {
  const requests = requestsOf(one)
  const contenders: Contender[] = []
  const unable: string[] = []
  const add = async (name: string, make: () => Promise<Contender['pass']>): Promise<void> => {
    try {
      const pass = await make()
      pass()
      contenders.push({ name, pass })
    } catch (error) {
      unable.push(`${name}: ${error instanceof Error ? error.message.split('\n')[0] : error}`)
    }
  }
  await add('decision', () => decide(one.expression, requests))
  await add('many', () => decideMany(one.expression, requests))
  const { structured } = one
  if (structured !== undefined) await add('structured', () => decide(structured, requests))
  await add('@marcbachmann/cel-js', () => withMarcbachmann(one.expression, requests))
  await add('@bufbuild/cel', () => withBufbuild(one.expression, requests))
  await add('cel-js', () => withCelJs(one.expression, requests))
  return { contenders, unable }
}

type Loop = typeof import('./loop.ts')

/** A copy of the loops for each, so that V8 learns about each alone. */
function loopFor(name: string): Promise<Loop> {
  return import(new URL(`./loop.ts?for=${encodeURIComponent(name)}`, import.meta.url).href)
}

async function engineFor(when: unknown): Promise<Engine> {
  const url = new URL('../../dist/src/engine/index.js', import.meta.url).href
  const { createEngine }: typeof import('../../src/engine/index.ts') = await import(url)
  const rule = { id: 'r', allow: 'read', on: 'doc', when }
  return createEngine({ policies: { version: 1, rules: [rule] } as PolicyDocument })
}

async function decide(when: unknown, requests: readonly AccessRequest[]): Promise<Contender['pass']> {
  const engine = await engineFor(when)
  const { decideAll } = await loopFor(JSON.stringify(when))
  return () => decideAll(engine, requests, now)
}

async function decideMany(when: unknown, requests: readonly AccessRequest[]): Promise<Contender['pass']> {
  const engine = await engineFor(when)
  const { decideTogether } = await loopFor(`many ${JSON.stringify(when)}`)
  return () => decideTogether(engine, requests, now)
}

/** The variables of our expressions, as maps in maps. */
function variablesOf({ subject, resource, context }: AccessRequest, time: unknown): Record<string, unknown> {
  return {
    subject: { type: subject.type, id: subject.id, ...subject.properties },
    resource: { type: resource.type, id: resource.id, ...resource.properties },
    context: context ?? {},
    now: time,
  }
}

async function withMarcbachmann(expression: string, requests: readonly AccessRequest[]): Promise<Contender['pass']> {
  const environment = new Environment()
    .registerVariable('subject', 'map')
    .registerVariable('resource', 'map')
    .registerVariable('context', 'map')
    .registerVariable('now', 'google.protobuf.Timestamp')
  const evaluate = environment.parse(expression) as (variables: Record<string, unknown>) => unknown
  const variables = requests.map((request) => variablesOf(request, new Date(now)))
  const { evaluateAll } = await loopFor('@marcbachmann/cel-js')
  return () => evaluateAll(evaluate, variables)
}

async function withBufbuild(expression: string, requests: readonly AccessRequest[]): Promise<Contender['pass']> {
  const evaluate = plan(celEnv({ funcs: [...strings] }), parseBuf(expression)) as (variables: never) => unknown
  const variables = requests.map((request) => variablesOf(request, timestampFromMs(now)))
  const { evaluateAll } = await loopFor('@bufbuild/cel')
  return () => evaluateAll(evaluate as (variables: Record<string, unknown>) => unknown, variables)
}

async function withCelJs(expression: string, requests: readonly AccessRequest[]): Promise<Contender['pass']> {
  const parsed = parseCelJs(expression)
  if (!parsed.isSuccess) throw new Error(parsed.errors.join('; '))
  const { evaluate } = await import('cel-js')
  const variables = requests.map((request) => variablesOf(request, new Date(now)))
  const { evaluateAll } = await loopFor('cel-js')
  return () => evaluateAll((one) => evaluate(parsed.cst, one), variables)
}
