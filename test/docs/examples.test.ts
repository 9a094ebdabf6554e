/** Every example in the documentation is run, and what a page shows as output is what comes out. */
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngine } from '../../src/engine/index.ts'
import type { AccessRequest } from '../../src/engine/types.ts'
import { formatDiagnostic } from '../../src/policy/diagnostic.ts'
import { importOpenGuard } from '../../src/policy/dialects/open-guard/index.ts'
import { parsePolicies } from '../../src/policy/index.ts'
import { createApp } from '../../src/service/app.ts'
import { readPolicies } from '../../src/service/load.ts'
import { freePort } from '../runtimes/ports.mjs'
import { type Block, type Page, readPages, root } from './markdown.ts'
import { bundleWorker, comparable, promisedOutput, runScript, runService, runSteps, stepsOf } from './run.ts'

const records = join(root, 'examples/records/policies')
const request: AccessRequest = {
  subject: { type: 'user', id: 'alice' },
  action: { name: 'read' },
  resource: { type: 'record', id: 'record-1' },
}
const runnable = ['console', 'js', 'json', 'yaml']
const pages = readPages().filter(({ blocks }) => blocks.some(({ language }) => runnable.includes(language)))

test('the pages have examples of every kind', () => {
  const languages = new Set(pages.flatMap(({ blocks }) => blocks.map(({ language }) => language)))
  expect([...languages]).toEqual(expect.arrayContaining(runnable))
})

describe.each(pages.map((page) => [page.name, page] as const))('%s', (_name, page) => {
  let folder = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sallyport-docs-'))
    await cp(records, join(folder, 'policies'), { recursive: true })
    for (const { file, text, language } of page.blocks)
      if (file !== '' && language !== 'js') await writeFile(join(folder, file), text)
  })

  afterAll(() => rm(folder, { recursive: true, force: true }))

  for (const block of page.blocks.filter(({ language }) => runnable.includes(language))) {
    test(`${block.language} in line ${block.line}`, () => check(page, block, folder), 60_000)
  }
})

async function check(page: Page, block: Block, folder: string): Promise<void> {
  if (block.language === 'console') return checkConsole(block, folder)
  if (block.language === 'js') return checkScript(page, block)
  if (block.language === 'json') return checkJson(block)
  checkPolicy(block)
}

async function checkConsole({ text }: Block, folder: string): Promise<void> {
  const steps = stepsOf(text)
  expect(steps.length).toBeGreaterThan(0)
  const [first] = steps
  if (first?.command.startsWith('curl ')) return checkCurl(first.command, first.output)
  if (first !== undefined && /sallyport serve|npm start/.test(first.command)) {
    expect(steps.length).toBe(1)
    return checkService(first.command, first.output, folder)
  }
  const outputs = await runSteps(steps, folder)
  expect(outputs.map(comparable)).toEqual(steps.map(({ output }) => comparable(output)))
}

/** `npm start` serves the records; building and npm's own lines are not the page's. */
async function checkService(command: string, output: string, folder: string): Promise<void> {
  const own = await freePort()
  const expected = output.replaceAll(':8080', `:${own}`).split('\n')
  const stopped = expected.indexOf('^C')
  const before = stopped < 0 ? expected : expected.slice(0, stopped)
  const serve = command.includes('npm start') ? 'sallyport serve policies/' : command
  const written = await runService(serve, folder, own, before.at(-1) ?? '')
  const lines = written.split('\n').map(comparable)
  const shown = expected.filter((line) => line !== '^C').map(comparable)
  expect(lines.slice(0, shown.length)).toEqual(shown)
}

/** A curl line, sent to the service over the records without a port. */
async function checkCurl(command: string, output: string): Promise<void> {
  const app = createApp({ engine: await createEngine({ policies: await readPolicies(records) }) })
  const [, path = '', header = '', body = ''] =
    /^curl -s http:\/\/127\.0\.0\.1:8080(\S+) -H '([^']+)' -d '([^']+)'$/.exec(command) ?? []
  const [name = '', value = ''] = header.split(': ')
  const response = await app.request(path, { method: 'POST', headers: { [name]: value }, body })
  expect(await response.text()).toBe(output)
}

async function checkScript(page: Page, { text, file, line }: Block): Promise<void> {
  const name = `${page.name.replace(/\W+/g, '-')}-${line}`
  if (file === 'worker') {
    const { image } = await createEngine({ policies: await readPolicies(records) })
    // A session of no roles would deny, if a client could bring one.
    const state = { session: { roles: [] } }
    const bodies = [JSON.stringify(request), JSON.stringify({ ...request, state }), '{']
    const answers = (await runScript(name, await bundleWorker(text, image.bytes, bodies))).split('\n')
    expect(answers.slice(0, 2)).toEqual(['200 {"decision":true}', '200 {"decision":true}'])
    expect(answers[2]).toMatch(/^400 \{"code":"E_REQUEST","detail":".+"\}$/)
    return
  }
  const promised = promisedOutput(text)
  expect(promised).not.toBe('')
  expect(await runScript(name, text)).toBe(promised)
}

/** A request, or one a line; or policies of another engine, which a command on the page reads. */
async function checkJson({ text, file }: Block): Promise<void> {
  if (file.startsWith('open-guard')) {
    expect(importOpenGuard(text).document).toBeDefined()
    return
  }
  const engine = await createEngine({ policies: await readPolicies(records) })
  const texts = text.startsWith('{\n') ? [text] : text.trimEnd().split('\n')
  for (const one of texts) expect(engine.evaluate(JSON.parse(one)).code).toMatch(/^\w+$/)
}

/** A document, or a part of a rule. A file whose name says so is broken; `sallyport check` shows how. */
function checkPolicy({ text, file }: Block): void {
  const whole = text.includes('version:')
  const part = text.replace(/^(?=.)/gm, '    ')
  const document = whole ? text : `version: 1\nrules:\n  - id: example\n    allow: read\n${part}`
  const found = parsePolicies(document).diagnostics.map(formatDiagnostic)
  if (/^(?:broken|shadowed)/.test(file)) expect(found).not.toEqual([])
  else expect(found).toEqual([])
}

test('the policy in the README decides as its program says', async () => {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const policies = /```yaml records\.yaml\n(.*?)```/s.exec(readme)?.[1] ?? ''
  const engine = await createEngine({ policies })
  const ask = (name: string, properties?: Record<string, string>) =>
    engine.evaluate({
      subject: { type: 'agent', id: 'scribe', properties: { roles: ['editor'] } },
      action: { name },
      resource: { type: 'record', id: '7', ...(properties === undefined ? {} : { properties }) },
    }).status
  expect([ask('read', { status: 'open' }), ask('read'), ask('purge', { status: 'open' })]).toEqual([
    'allow',
    'deny',
    'review',
  ])
})
