/** The types of the client, made of the OpenAPI document: see --help. */
import { writeFileSync } from 'node:fs'
import { createRequire, registerHooks } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { readCommandLine } from './command-line.ts'

const HELP = `Writes src/client/schema.ts: the types of the client, made of the OpenAPI document that sallyport openapi prints.

  npm run client:types -- [--help]`

const file = fileURLToPath(new URL('../src/client/schema.ts', import.meta.url))

const head = `/* biome-ignore-all lint: made by scripts/client-types.ts of the OpenAPI document; not to be changed by hand. */
/* biome-ignore-all format: as above. */
/* biome-ignore-all assist: as above. */
`

/** @param document an OpenAPI document, as an object */
export async function clientTypes(document: object): Promise<string> {
  // The generator writes types by TypeScript's own API, which TypeScript 7 no longer has. A second version of it as a package of ours would
  // bring a second `tsc`; `attw` has one for itself.
  const api = pathToFileURL(createRequire(import.meta.resolve('@arethetypeswrong/core')).resolve('typescript')).href
  registerHooks({
    resolve: (specifier, context, next) => next(specifier === 'typescript' ? api : specifier, context),
  })
  const { default: generate, astToString } = await import('openapi-typescript')
  const nodes = await generate(structuredClone(document) as Parameters<typeof generate>[0], {
    alphabetize: true,
    rootTypes: false,
  })
  return head + astToString(nodes)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  readCommandLine(HELP, {})
  // By a name that the compiler does not follow: types are checked before anything is built.
  const built = new URL('../dist/src/service/document.js', import.meta.url).href
  const { serviceDocument }: typeof import('../src/service/document.ts') = await import(built)
  writeFileSync(file, await clientTypes(serviceDocument()))
}
