/** Figures in the README: sizes, and the runtimes that `npm ci` installs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { readPage, root, rows } from './markdown.ts'

const readme = readPage('README.md')

/** A bundle as the page says: for Workers, the core beside it. */
async function bundle(code: string, conditions: readonly string[]): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    conditions: [...conditions],
    loader: { '.wasm': 'copy' },
    outdir: join(root, 'build/docs'),
    write: false,
  })
  const script = outputFiles.find(({ path }) => path.endsWith('.js'))
  if (script === undefined) throw new Error('esbuild made no script')
  return script.contents
}

/** Sizes may drift a little with every change; a page that is further off than this is wrong. */
const tolerance = 0.05

function expectNear(stated: string, actual: number, what: string): void {
  const bytes = Number(stated.replace(/ kB$/, '')) * 1000
  expect(Math.abs(bytes - actual) / actual, `${what}: the page says ${stated}, it is ${actual} bytes`).toBeLessThan(
    tolerance,
  )
}

test('sizes', async () => {
  const engine = "export { loadEngine } from 'sallyport/engine'"
  const edge = "export { loadEngine } from 'sallyport/edge'"
  const whole = "export { createEngine } from 'sallyport'"
  const files = [
    readFileSync(join(root, 'bindings/core.wasm')),
    await bundle(edge, ['workerd']),
    await bundle(engine, ['workerd']),
    await bundle(whole, ['workerd']),
    await bundle("export { createGuard } from 'sallyport/guard'", ['workerd']),
    await bundle("export { verifyProof } from 'sallyport/identity'", ['workerd']),
    await bundle("export { createApp } from 'sallyport/service'", ['workerd']),
    await bundle(edge, []),
    await bundle(engine, []),
    await bundle(whole, []),
  ]
  const stated = rows(readme, '## How big')
  expect(stated.length).toBe(files.length)
  for (const [i, [what = '', minified = '', gzip = '']] of stated.entries()) {
    const file = files[i] ?? new Uint8Array(0)
    expectNear(minified, file.length, what)
    expectNear(gzip, gzipSync(file, { level: 9 }).length, `${what}, gzip`)
  }
})

test('what decides in a Worker is 60 kB at most', async () => {
  const core = readFileSync(join(root, 'bindings/core.wasm'))
  const script = await bundle("export { loadEngine } from 'sallyport/edge'", ['workerd'])
  const sizes = [core, script].map((file) => gzipSync(file, { level: 9 }).length)
  const advice = 'docs/decisions/0027-edge-engine.md says what may be in it, and where room was made'
  expect(
    sizes.reduce((sum, size) => sum + size),
    advice,
  ).toBeLessThanOrEqual(60_000)
})

test('the runtimes are those of npm ci', () => {
  const stated = new Map(rows(readme, '## Where it runs').map(([name = '', versions = '']) => [name, versions]))
  for (const [name, folder] of [
    ['Node', 'node'],
    ['Deno', 'deno'],
    ['Bun', 'bun'],
    ['Cloudflare Workers', 'workerd'],
  ] as const) {
    const { version } = JSON.parse(readFileSync(join(root, 'node_modules', folder, 'package.json'), 'utf8'))
    expect(stated.get(name), name).toContain(version)
  }
})

test('the sizes of what to import are those of the table of sizes', () => {
  const sizes = rows(readme, '## Which import').flatMap((row) => row.join(' ').match(/[\d.]+ kB/g) ?? [])
  expect(sizes.length).toBeGreaterThan(2)
  const stated = rows(readme, '## How big').flat().join(' ')
  expect(sizes.filter((size) => !stated.includes(size))).toEqual([])
})
