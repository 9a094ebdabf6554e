/** Requests as bytes: the core answers what the host's way over objects answers, or fails with the same code. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { Engine, EvaluateOptions } from '../../src/engine/types.ts'
import { answerOfCore, answerOfHost, mutate, writeJson } from '../support/wire.ts'
import { random, randomContext, randomExpression } from './cel-expressions.ts'
import { documentWithRequests } from './differential.ts'

const DOCUMENTS = Number(process.env.BYTES_DOCUMENTS ?? 250)
const SEED = Number(process.env.BYTES_SEED ?? 20_261_121)
const EXPRESSIONS = 400
const MUTATIONS = 2

interface Counts {
  same: number
  errors: number
  allowed: number
}

function compare(engine: Engine, body: Uint8Array, options: EvaluateOptions, counts: Counts): void {
  const wanted = answerOfHost(engine, body, options)
  const answer = answerOfCore(engine, body, options)
  if (answer.text !== wanted.text) {
    const said = [answer, wanted].map(({ text, message }) => `${text} ${message}`).join('\nnot ')
    expect.fail(`${said}\nfor ${JSON.stringify(new TextDecoder().decode(body))} with ${JSON.stringify(options)}`)
  }
  counts.same++
  if (answer.text.startsWith('E_')) counts.errors++
  if (answer.text.startsWith('{"decision":true')) counts.allowed++
}

test(`random policies and requests, whole and broken, over ${DOCUMENTS} documents`, {
  timeout: 3_600_000,
}, async () => {
  const counts: Counts = { same: 0, errors: 0, allowed: 0 }
  const next = random(SEED)
  // Not as a property of fast-check: what it says of a document with forty requests is too long to read.
  for (const [document, requests] of fc.sample(documentWithRequests, { numRuns: DOCUMENTS, seed: SEED })) {
    const engine = await createEngine({ policies: document })
    for (const { request, now, untrusted } of requests) {
      const options = { ...(now !== undefined && { now }), ...(untrusted !== undefined && { untrusted }) }
      const body = new TextEncoder().encode(writeJson(request, next))
      compare(engine, body, options, counts)
      for (let i = 0; i < MUTATIONS; i++) compare(engine, mutate(body, next), options, counts)
    }
  }
  console.log(`${counts.same} bodies, of which ${counts.errors} are refused and ${counts.allowed} allowed`)
  expect(counts.errors / counts.same).toBeGreaterThan(0.1)
  expect(counts.errors / counts.same).toBeLessThan(0.9)
  expect(counts.allowed).toBeGreaterThan(0)
})

test('random expressions over whole values', { timeout: 3_600_000 }, async () => {
  const counts: Counts = { same: 0, errors: 0, allowed: 0 }
  const next = random(SEED)
  for (let seed = 0; seed < EXPRESSIONS; seed++) {
    const when = `dyn(${randomExpression(seed)}) == dyn(${randomExpression(seed + 5000, 2)})`
    const engine = await createEngine({ policies: { version: 1, rules: [{ id: 'r', review: 'a', when }] } })
    for (let i = 0; i < 10; i++) {
      const request = {
        subject: { type: 'user', id: 'u', properties: randomContext(seed * 10 + i) },
        action: { name: 'a' },
        resource: { type: 't', id: 'r' },
        context: randomContext(seed * 1000 + i),
      }
      compare(engine, new TextEncoder().encode(writeJson(request, next)), {}, counts)
    }
  }
  expect(counts.errors / counts.same).toBeLessThan(0.2)
})
