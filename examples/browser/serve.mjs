/** Bundles main.ts and serves the page: npm run example:browser. PORT chooses the port. */
import { fileURLToPath } from 'node:url'
import { context } from 'esbuild'

const folder = fileURLToPath(new URL('.', import.meta.url))
const bundle = await context({
  entryPoints: [`${folder}main.ts`],
  bundle: true,
  format: 'esm',
  outdir: folder,
  write: false,
})
const port = Number(process.env.PORT ?? 8081)
try {
  await bundle.serve({ servedir: folder, host: '127.0.0.1', port })
  console.log(`open http://127.0.0.1:${port}/ (Ctrl-C stops)`)
} catch (error) {
  console.error(`cannot serve on port ${process.env.PORT ?? port}; choose another with PORT: ${error.message}`)
  process.exitCode = 1
  await bundle.dispose()
}
