/** Records the decisions that every runtime must repeat: see --help. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createEngine } from 'sallyport'
import { requests } from '../test/runtimes/requests.ts'
import { plain } from '../test/runtimes/suite.mjs'
import { readCommandLine } from './command-line.ts'

const HELP = `Records the decisions that every runtime must repeat: the requests of test/runtimes/requests.ts, in test/runtimes/cases.json.

  npm run record:runtimes

test/unit/recording.test.ts compares the recording with the plain reference evaluator, so a wrong one is not kept.`

readCommandLine(HELP, {})

const policies: Record<string, string[]> = {}
const images: Record<string, string> = {}
const cases: object[] = []
for (const [name, recorded] of Object.entries(requests)) {
  const texts = readPolicies(name)
  const engine = await createEngine({ policies: texts })
  policies[name] = texts
  images[name] = engine.image.id
  for (const { request, now, untrusted } of recorded) {
    const decision = engine.evaluate(request, { ...(now !== undefined && { now }), ...(untrusted && { untrusted }) })
    cases.push({ policies: name, request, now, untrusted, expected: plain(decision) })
  }
}

// A line for each case, so that a change of one shows as one.
const lines = cases.map((each) => JSON.stringify(each)).join(',\n')
const head = JSON.stringify({ policies, images }, null, 1).slice(0, -2)
writeFileSync('test/runtimes/cases.json', `${head},\n "cases": [\n${lines}\n]}\n`)
console.log(`recorded ${cases.length} decisions`)

function readPolicies(name: string): string[] {
  if (name !== 'records') return [readFileSync(`test/runtimes/policies/${name}.yaml`, 'utf8')]
  const folder = 'examples/records/policies'
  return readdirSync(folder)
    .sort()
    .map((file) => readFileSync(`${folder}/${file}`, 'utf8'))
}
