/** Policies from files, for the service and the command line. */
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { SallyportError } from '../errors.ts'

/** A policy text with the name of the file it came from. */
export interface PolicyFile {
  readonly name: string
  readonly text: string
}

/**
 * Reads a policy file, or every `.yaml`, `.yml` and `.json` file below a folder in the order of their paths. What
 * starts with a dot is left out. Links are followed: a policy that is silently skipped could be a deny.
 *
 * @throws SallyportError `E_FILE` when something cannot be read, is not UTF-8, or a folder holds no policy file.
 * @example await readPolicies('policies') // [{ name: 'policies/agents.yaml', text: '…' }, …]
 */
export async function readPolicies(path: string): Promise<PolicyFile[]> {
  const names = await listPolicies(path)
  if (names.length === 0) throw new SallyportError('E_FILE', `${path} holds no .yaml, .yml or .json file`)
  return Promise.all(names.map(async (name) => ({ name, text: await readText(name) })))
}

/** The files that `readPolicies` reads, in their order. Throws as it does, and not for none. */
export async function listPolicies(path: string): Promise<string[]> {
  return ((await isFolder(path)) ? await listFolder(path, []) : [path]).sort(compareText)
}

async function listFolder(folder: string, above: readonly string[]): Promise<string[]> {
  const real = await attempt(folder, realpath(folder))
  if (above.includes(real)) throw new SallyportError('E_FILE', `${folder} is a link to a folder that it lies in`)
  const entries = await attempt(folder, readdir(folder))
  const found = entries
    .filter((entry) => !entry.startsWith('.'))
    .map(async (entry) => {
      const path = join(folder, entry)
      if (await isFolder(path)) return listFolder(path, [...above, real])
      return /\.(?:ya?ml|json)$/.test(entry) ? [path] : []
    })
  return (await Promise.all(found)).flat()
}

async function isFolder(path: string): Promise<boolean> {
  return (await attempt(path, stat(path))).isDirectory()
}

async function readText(path: string): Promise<string> {
  const bytes = await attempt(path, readFile(path))
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new SallyportError('E_FILE', `${path} is not valid UTF-8`)
  }
}

async function attempt<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    const why =
      code === 'ENOENT' ? 'does not exist' : code === 'EACCES' ? 'may not be read' : `cannot be read (${code})`
    throw new SallyportError('E_FILE', `${path} ${why}`, { cause: error })
  }
}

/** Not by locale: the order of files must be the same on every machine. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
