/** Files named on the command line; their errors say which one and why. */
import { readFile, writeFile } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'
import { SallyportError } from '../errors.ts'
import { isMap } from '../text/is-map.ts'
import { usage } from './arguments.ts'
import type { Io } from './io.ts'

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or folder',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  EEXIST: 'it is there already',
}

/** Relative to where the command runs; left as it was written where that is the same. */
export function locate(path: string, io: Io): string {
  return isAbsolute(path) || io.cwd === process.cwd() ? path : join(io.cwd, path)
}

/** @throws SallyportError `E_FILE` */
export async function readBytes(path: string, io: Io): Promise<Uint8Array> {
  return attempt(`cannot read ${path}`, async () => new Uint8Array(await readFile(locate(path, io))))
}

/** @throws SallyportError `E_FILE`, also when the file is not UTF-8 */
export async function readText(path: string, io: Io): Promise<string> {
  return decode(await readBytes(path, io), path)
}

/** @throws SallyportError `E_FILE`, also when the file is no JSON; its form is the caller's to check */
export async function readJson(path: string, io: Io): Promise<unknown> {
  return parseJson(await readText(path, io), path)
}

/** @throws SallyportError `E_FILE`, also when the file is no JSON; `E_USAGE` when that is no object, and what is in it is the caller's to check */
export async function readJsonMap(path: string, io: Io): Promise<Readonly<Record<string, unknown>>> {
  const value = await readJson(path, io)
  if (!isMap(value)) throw usage(`${path} holds no JSON object`)
  return value
}

/** @throws SallyportError `E_FILE` when the text of this file is no JSON */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new SallyportError('E_FILE', `${path} is no JSON`)
  }
}

/** @throws SallyportError `E_FILE` */
export async function readStdin(io: Io): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of io.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk)
  return decode(Buffer.concat(chunks), 'standard input')
}

/** @throws SallyportError `E_FILE` */
export async function writeBytes(path: string, bytes: Uint8Array, io: Io): Promise<void> {
  await attempt(`cannot write ${path}`, () => writeFile(locate(path, io), bytes))
}

/**
 * Writes a file that only its owner can read, and never over another one.
 *
 * @throws SallyportError `E_FILE`
 */
export async function writeSecret(path: string, text: string, io: Io): Promise<void> {
  await attempt(`cannot write ${path}`, () => writeFile(locate(path, io), text, { flag: 'wx', mode: 0o600 }))
}

/** A replacement character in place of what was meant could change a decision. */
function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new SallyportError('E_FILE', `${name} is not valid UTF-8`, { cause })
  }
}

/** @throws SallyportError `E_FILE`, which says what could not be done, and why */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
    throw new SallyportError('E_FILE', `${what}: ${reasons[code] ?? code}`, { cause })
  }
}
