/** Where the host forbids compiling WebAssembly, as pages with a content security policy and Workers do. */
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

/** The core's binding as one script, in a realm that may or may not compile. */
async function loadIn(wasm: boolean): Promise<unknown> {
  const { outputFiles } = await build({
    entryPoints: ['bindings/embedded.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'binding',
  })
  const realm = createContext({ atob, Uint8Array }, { codeGeneration: { strings: true, wasm } })
  runInContext(outputFiles[0]?.text ?? '', realm)
  return runInContext('binding.loadCore()', realm)
}

test('says what the page or the bundle needs', async () => {
  await expect(loadIn(false)).rejects.toMatchObject({
    name: 'SallyportError',
    code: 'E_PLATFORM',
    message: expect.stringContaining("'wasm-unsafe-eval'"),
    cause: { name: 'CompileError' },
  })
  expect(String(await loadIn(true))).toBe('[object WebAssembly.Module]')
})
