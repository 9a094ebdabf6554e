/** How many bytes a program carries: the core, and the engine as a Worker has it. */
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import type { Figure } from './figure.ts'

const dist = new URL('../../dist/', import.meta.url)

export async function measureSizes(): Promise<Figure[]> {
  const core = await readFile(new URL('bindings/core.wasm', dist))
  const size = async (entry: string) =>
    gzipSync(await bundle(new URL(entry, dist)), { level: 9 }).length + gzipSync(core, { level: 9 }).length
  const how = 'bundled and minified by esbuild, with core.wasm beside it; each with gzip'
  return [
    { name: 'core', value: core.length, unit: 'B', note: 'core.wasm' },
    { name: 'core, Brotli', value: brotliCompressSync(core).length, unit: 'B', note: 'core.wasm, quality 11' },
    {
      name: 'edge engine, gzip',
      value: await size('src/engine/edge.js'),
      unit: 'B',
      note: `\`sallyport/edge\`, which decides, ${how}`,
    },
    {
      name: 'engine for Workers, gzip',
      value: await size('src/engine/load.js'),
      unit: 'B',
      note: `\`sallyport/engine\`, which also explains, ${how}`,
    },
  ]
}

/** The engine without policies' parser and compiler, as wrangler bundles it: the core stays a file beside it. */
async function bundle(entry: URL): Promise<Uint8Array> {
  const result = await build({
    entryPoints: [fileURLToPath(entry)],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    conditions: ['workerd'],
    external: ['*.wasm'],
    treeShaking: true,
  })
  return result.outputFiles[0]!.contents
}
