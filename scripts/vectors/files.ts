/** Finds and reads vector files. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readInterop } from './authzen-interop.ts'
import { nameOf } from './name.ts'
import { isStoreFile, readStore } from './openfga.ts'
import type { Api, Case, VectorFile } from './runner.ts'

/** The JSON and store files under a folder, in the order of their paths. */
export async function findVectors(folder: string): Promise<string[]> {
  const names = await readdir(folder, { recursive: true })
  const files = names.filter((name) => name.endsWith('.json') || isStoreFile(name)).sort()
  return files.map((name) => join(folder, name))
}

/** The file, or undefined when it is JSON of another form. */
export async function readVectors(path: string, api: Api): Promise<VectorFile | undefined> {
  if (isStoreFile(path)) return readStore(path, api)
  const content: unknown = JSON.parse(await readFile(path, 'utf8'))
  if (typeof content !== 'object' || content === null) return undefined
  if (!('source' in content && 'cases' in content)) return readInterop(path, content)
  const { source, cases } = content
  if (typeof source !== 'string' || !Array.isArray(cases)) return undefined
  return { name: nameOf(path), source, cases: cases as readonly Case[] }
}
