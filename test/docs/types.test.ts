/**
 * The samples in JavaScript and TypeScript, as people paste them into TypeScript. They use the types of the built package: `npm run
 * build`.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { type Page, readPages, root } from './markdown.ts'

const folder = join(root, 'build/docs/types')

/** Bare WebAssembly: what a module exports has no types. */
const untyped = (page: Page) => page.name === 'docs/image.md'

const compilerOptions = {
  target: 'ES2022',
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  types: ['node'],
  strict: true,
  // A sample in JavaScript cannot say what its parameters are.
  noImplicitAny: false,
  useUnknownInCatchVariables: false,
  skipLibCheck: true,
  noEmit: true,
}

/** A name that stands nowhere: a block in `ts` may be a part of a program, and leave out what is around it. */
const missingName = /error TS(?:2304|2552|18004):/

test('samples compile', { timeout: 120_000 }, async () => {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const parts = new Set<string>()
  for (const page of readPages().filter((one) => !untyped(one))) {
    for (const { language, line, text } of page.blocks) {
      if (language !== 'js' && language !== 'ts') continue
      const file = `${page.name.replace(/\W+/g, '-')}-${line}.ts`
      if (language === 'ts') parts.add(file)
      writeFileSync(join(folder, file), `${text}export {}\n`)
    }
  }
  writeFileSync(
    join(folder, 'image.d.ts'),
    "declare module '*.image' {\n  const bytes: ArrayBuffer\n  export default bytes\n}\n",
  )
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  const errors = (await compile()).filter(
    (line) => !(missingName.test(line) && parts.has(line.slice(0, line.indexOf('(')))),
  )
  expect(errors).toEqual([])
})

/** The compiler's errors, a line each, without the lines that explain them. */
async function compile(): Promise<string[]> {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const ended = promisify(execFile)(process.execPath, [tsc, '-p', '.', '--pretty', 'false'], { cwd: folder })
  const output = await ended.then(
    () => '',
    (error: { stdout?: string }) => error.stdout || String(error),
  )
  return output.split('\n').filter((line) => line !== '' && !line.startsWith(' '))
}
