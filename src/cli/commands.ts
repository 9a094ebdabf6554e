/** The verbs, in the order of the overview. Each is loaded when it is called: who checks a file need not wait for what serves HTTP. */
import type { Command } from './command.ts'

const loaders: ReadonlyMap<string, () => Promise<Command>> = new Map([
  ['serve', async () => (await import('./serve.ts')).serve],
  ['check', async () => (await import('./check.ts')).check],
  ['evaluate', async () => (await import('./evaluate.ts')).evaluate],
  ['explain', async () => (await import('./explain.ts')).explain],
  ['compile', async () => (await import('./compile.ts')).compile],
  ['bundle', async () => (await import('./bundle.ts')).bundle],
  ['import', async () => (await import('./import.ts')).importPolicies],
  ['test', async () => (await import('./test.ts')).test],
  ['db', async () => (await import('./db.ts')).db],
  ['key', async () => (await import('./key.ts')).key],
  ['openapi', async () => (await import('./openapi.ts')).openapi],
])

export const verbs: readonly string[] = [...loaders.keys()]

/** Undefined when there is no such verb. */
export async function loadCommand(verb: string): Promise<Command | undefined> {
  return loaders.get(verb)?.()
}

export function loadCommands(): Promise<readonly Command[]> {
  return Promise.all([...loaders.values()].map((load) => load()))
}
