/** Runs the command line in this process: real verbs, engine and files; streams, clock and signals of our own. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import type { Io } from '../../src/cli/io.ts'
import { run } from '../../src/cli/run.ts'

export const records = fileURLToPath(new URL('../../examples/records/policies', import.meta.url))

export interface World {
  readonly stdin?: string | readonly Uint8Array[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  readonly now?: number
  readonly tty?: boolean
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One command line, run to its end. */
export async function cli(argv: readonly string[], world: World = {}): Promise<Ended> {
  const { ended } = startCli(argv, world)
  return ended
}

/** A verb that goes on until it is stopped. */
export function startCli(argv: readonly string[], world: World = {}) {
  const written = { stdout: '', stderr: '' }
  const output = (name: 'stdout' | 'stderr') => ({
    isTTY: world.tty,
    write: (text: string) => {
      written[name] += text
    },
  })
  let stop = () => {}
  const io: Io = {
    stdout: output('stdout'),
    stderr: output('stderr'),
    stdin: chunks(world.stdin ?? ''),
    env: world.env ?? {},
    cwd: world.cwd ?? process.cwd(),
    now: () => world.now ?? Date.UTC(2026, 0, 1),
    onStop: (handler) => {
      stop = handler
      return () => {
        stop = () => {}
      }
    },
  }
  const ended = run(argv, io).then((code) => ({ code, ...written }))
  return { ended, written, stop: () => stop() }
}

async function* chunks(input: string | readonly Uint8Array[]): AsyncGenerator<Uint8Array | string> {
  yield* typeof input === 'string' ? [input] : input
}

/** A folder with these files, gone after the test. */
export async function folder(files: Readonly<Record<string, string>>): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'sallyport-cli-'))
  onTestFinished(() => rm(path, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true })
    await writeFile(join(path, name), text)
  }
  return path
}

/** Waits until `test` holds; fails with what it saw last. */
export async function until<T>(read: () => T | Promise<T>, test: (value: T) => boolean): Promise<T> {
  const deadline = Date.now() + 5000
  for (;;) {
    const value = await read()
    if (test(value)) return value
    if (Date.now() > deadline) throw new Error(`waited 5 s, and saw last: ${String(value)}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A port, in text, that somebody listens on until the test is over. */
export async function occupyPort(): Promise<string> {
  const blocker = createServer()
  await new Promise<void>((resolve) => blocker.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void blocker.close())
  return String((blocker.address() as AddressInfo).port)
}

export const open = 'version: 1\nrules:\n  - { id: open, allow: read, on: page }\n'
export const twoTenants = {
  'a.yaml': 'version: 1\ntenant: acme\nrules:\n  - { id: a, allow: read }\n',
  'b.yaml': 'version: 1\ntenant: bolt\nrules:\n  - { id: b, deny: read }\n',
}
