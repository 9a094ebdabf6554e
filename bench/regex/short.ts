/** What one more test costs a decision, beside what RegExp.prototype.test costs. */
import type { PolicyDocument } from '../../src/policy/document.ts'
import { engineOf } from './engine.ts'

interface Case {
  readonly name: string
  readonly regex: string
  readonly text: string
}

const CASES: readonly Case[] = [
  { name: 'mail address', regex: '^[\\w.+-]+@[\\w-]+\\.[a-z]{2,}$', text: 'alice.smith+news@example.org' },
  { name: 'path, anchored', regex: '^/tenants/[a-z0-9-]+/docs/\\d+$', text: '/tenants/acme-eu/docs/48151623' },
  { name: 'path, other', regex: '^/tenants/[a-z0-9-]+/docs/\\d+$', text: '/users/alice/settings/profile' },
  { name: 'alternatives', regex: '^(?:read|write|list|delete|approve):[a-z]+$', text: 'approve:invoice' },
  { name: 'search, found late', regex: 'secret|passw(?:or)?d', text: 'please send me the very long password now' },
  { name: 'search, not found', regex: 'secret|passw(?:or)?d', text: 'please send me the very long document now' },
  { name: 'ignoring case', regex: '(?i)drop\\s+table', text: 'select name from people; DROP  TABLE people' },
  { name: 'word boundaries', regex: '\\brm\\b.*\\s-rf\\b', text: 'cd /tmp && rm -v -rf build' },
  { name: 'letters of any script', regex: '^\\p{L}+(?: \\p{L}+)*$', text: 'Zoë Müller Ñandú' },
]

/** Tests in the larger of two policies; the difference tells what one costs. */
const TESTS = 32
const CALLS = 4000

export async function short(rounds: number): Promise<string> {
  const lines = ['| expression | RegExp | a test more | | the first test |', '| --- | ---: | ---: | ---: | ---: |']
  const ratios: number[] = []
  for (const { name, regex, text } of CASES) {
    const [none, one, many] = await Promise.all([0, 1, TESTS].map((count) => decideWith(regex, count, text)))
    // Equal expressions are one in an image; V8 is asked through as many objects as we have tests.
    const native = Array.from({ length: TESTS }, () => toRegExp(regex))
    let held = 0
    const nativeOnce = (): void => {
      for (const one of native) if (one.test(text)) held++
    }
    const times = medians([none!, one!, many!, nativeOnce], rounds)
    const ns = times.map((time) => (time * 1e6) / CALLS)
    const further = (ns[2]! - ns[1]!) / (TESTS - 1)
    const theirs = ns[3]! / TESTS
    if (held % CALLS !== 0) throw new Error('RegExp changed its mind')
    ratios.push(further / theirs)
    const first = ns[1]! - ns[0]!
    lines.push(
      `| ${name} | ${theirs.toFixed(0)} ns | ${further.toFixed(0)} ns | ${(further / theirs).toFixed(2)} × | ${first.toFixed(0)} ns |`,
    )
  }
  const mean = Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length)
  lines.push('', `geometric mean ${mean.toFixed(2)} ×, largest ${Math.max(...ratios).toFixed(2)} ×`)
  return lines.join('\n')
}

/** A decision in which `count` such tests are made, each with the answer that lets the next one be made. */
async function decideWith(regex: string, count: number, text: string): Promise<() => void> {
  const test = toRegExp(regex).test(text) ? { regex } : { not_regex: regex }
  const all = Array.from({ length: count }, () => ({ 'context.text': test }))
  const rule = { id: 'r', allow: 'read', when: { all: [{ 'context.ready': true }, ...all] } }
  const document: PolicyDocument = { version: 1, rules: [rule] }
  const engine = await engineOf(document)
  const request = {
    subject: { type: 'user', id: 'alice' },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd1' },
    context: { text, ready: true },
  }
  if (engine.evaluate(request).status !== 'allow') throw new Error(`${regex} and RegExp do not agree`)
  return () => {
    engine.evaluate(request)
  }
}

function toRegExp(source: string): RegExp {
  return source.startsWith('(?i)') ? new RegExp(source.slice(4), 'iu') : new RegExp(source, 'u')
}

/** Milliseconds of CALLS calls of each, measured in turns. */
function medians(calls: readonly (() => void)[], rounds: number): number[] {
  const times: number[][] = calls.map(() => [])
  for (let round = -3; round < rounds; round++) {
    calls.forEach((call, i) => {
      const start = performance.now()
      for (let n = 0; n < CALLS; n++) call()
      if (round >= 0) times[i]!.push(performance.now() - start)
    })
  }
  return times.map((all) => all.sort((a, b) => a - b)[all.length >> 1]!)
}
