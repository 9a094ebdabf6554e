/** Replays recorded decisions of other engines: see --help. */
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { chooseRunner } from './choose.ts'
import { replayFolders } from './replay.ts'
import type { Api } from './runner.ts'

const HELP = `Replays vectors: cases that were recorded by running other engines, with what they expect.

  npm run vectors -- DIR [DIR…]

Every *.json under the folders, as { source, cases }, every OpenFGA store, *.fga.yaml, and the files of the AuthZEN interop
are replayed through the built package. A line for each file; below it the
cases that fail, with request, expected and got, and those that are skipped, with the reason. Files of kinds that
nothing here can replay are named (no runner); their cases count as skipped. The last line is
"N passed, N failed, N skipped".

Exit code: 0 when all agree, 1 when a case fails or a folder holds none, 2 for wrong usage.

Example: npm run vectors -- test/vectors`

async function main(folders: readonly string[]): Promise<number> {
  if (folders.includes('--help') || folders.includes('-h')) {
    console.log(HELP)
    return 0
  }
  const flag = folders.find((argument) => argument.startsWith('-'))
  if (folders.length === 0 || flag !== undefined) {
    console.error(`${flag === undefined ? 'name a folder' : `unknown flag ${flag}`}\n\n${HELP}`)
    return 2
  }
  for (const folder of folders) {
    const found = await stat(folder).catch(() => undefined)
    if (found?.isDirectory()) continue
    console.error(`${folder} is no folder`)
    return 2
  }
  const { code, ...totals } = await replayFolders(folders, { api: await loadApi(), chooseRunner, print: console.log })
  // For .ci/run, which adds up.
  await mkdir('build/test', { recursive: true })
  await writeFile('build/test/vectors.json', JSON.stringify(totals))
  return code
}

/** The package as it was built. */
async function loadApi(): Promise<Api> {
  const built = (path: string) => import(new URL(`../../dist/src/${path}`, import.meta.url).href)
  const { createEngine } = await built('index.js')
  const { createApp } = await built('service/app.js')
  const openFga = { ...(await built('openfga/store-file.js')), ...(await built('openfga/run-store.js')) }
  return {
    createEngine,
    createApp,
    pep: await built('pep/index.js'),
    openGuard: await built('policy/dialects/open-guard/index.js'),
    openFga,
    guard: await built('guard/index.js'),
    memoryStore: (await built('store/memory/index.js')).memoryStore,
  }
}

process.exitCode = await main(process.argv.slice(2))
