/** The recording that every runtime repeats (test/runtimes/cases.json), against the plain reference evaluator. */
import { readdirSync, readFileSync } from 'node:fs'
import { createEngine } from 'sallyport'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { operators as known } from '../../src/policy/keys.ts'
import { referenceEvaluate } from '../reference/decide.ts'
import { requests } from '../runtimes/requests.ts'
import type { Recording } from '../runtimes/suite.mjs'

const recording: Recording = JSON.parse(readFileSync('test/runtimes/cases.json', 'utf8'))
const { policies } = recording
const expected = new Map(Object.keys(policies).map((name) => [name, recorded(name)]))
const redo = 'the recording is old: npm run record:runtimes'

test.each(Object.entries(requests))('%s: every decision is what the reference decides', (name, asked) => {
  const document = merge((policies[name] ?? []).map((text): PolicyDocument => parse(text)))
  const decisions = expected.get(name) ?? []
  expect(decisions, redo).toHaveLength(asked.length)
  for (const [index, { request, now, untrusted }] of asked.entries()) {
    const { reason, cut, ...reference } = referenceEvaluate(document, request, now, untrusted)
    const { decision, reason: text, ...given } = decisions[index]!
    // Whether a check is cut off depends on how much of the rest is looked at.
    const rest = cut && given.code === 'relation_limit' ? { ...given, code: reference.code } : given
    expect(rest, `${name} ${index}`).toEqual(reference)
    expect(decision).toBe(rest.status === 'allow')
    if (reason !== undefined) expect(text).toBe(reason)
  }
})

test('the recording is of the requests as they are now', () => {
  const asked = Object.values(requests).flat()
  expect(
    recording.cases.map(({ request }) => request),
    redo,
  ).toEqual(asked.map(({ request }) => JSON.parse(JSON.stringify(request))))
})

test('the recording is of the policies as they are now', () => {
  for (const [name, texts] of Object.entries(policies)) {
    const folder = name === 'records' ? 'examples/records/policies' : 'test/runtimes/policies'
    const files = name === 'records' ? readdirSync(folder).sort() : [`${name}.yaml`]
    expect(texts, redo).toEqual(files.map((file) => readFileSync(`${folder}/${file}`, 'utf8')))
  }
})

test('the recording is of images as they are compiled now', async () => {
  const compiled = Object.entries(policies).map(async ([name, texts]) => [
    name,
    (await createEngine({ policies: texts })).image.id,
  ])
  expect(Object.fromEntries(await Promise.all(compiled)), redo).toEqual(recording.images)
})

test('every effect, every way to come to a decision and every operator is in it', () => {
  const decisions = recording.cases.map((each) => each.expected)
  expect(new Set(decisions.map(({ status }) => status))).toEqual(new Set(['allow', 'deny', 'review']))
  expect(new Set(decisions.map(({ code }) => code))).toEqual(
    new Set([
      'matched',
      'not_evaluable',
      'no_match',
      'set_abstained',
      'no_policies',
      'unknown_tenant',
      'session_expired',
      'separation_of_duty',
      'limit',
      'relation_limit',
    ]),
  )
  const operators = [...recorded('operators'), ...recorded('time')]
  const written = [...policies.operators!, ...policies.time!].join()
  for (const operator of known) expect(written, operator).toMatch(`${operator}:`)
  for (const id of [...requests.operators!, ...requests.time!].map(({ request }) => request.action.name)) {
    if (id !== 'unknown')
      expect(
        operators.some(({ rules }) => rules.includes(id)),
        id,
      ).toBe(true)
  }
})

function recorded(name: string) {
  return recording.cases.filter((each) => each.policies === name).map((each) => each.expected)
}

/** Files of one tenant make one document (docs/policy-reference.md); enough of it for the policies used here. */
function merge(documents: readonly PolicyDocument[]): PolicyDocument {
  return {
    ...Object.assign({}, ...documents),
    rules: documents.flatMap(({ rules }) => rules ?? []),
    roles: Object.assign({}, ...documents.map(({ roles }) => roles)),
    entities: {
      subjects: documents.flatMap(({ entities }) => entities?.subjects ?? []),
      resources: documents.flatMap(({ entities }) => entities?.resources ?? []),
      tuples: documents.flatMap(({ entities }) => entities?.tuples ?? []),
    },
  }
}
