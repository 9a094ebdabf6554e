/** The service that is put under load: the real command, with everything that it can have. */
import { spawn, spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

export interface UnderLoad {
  readonly url: string
  readonly pid: number
  /** Two keys of one caller. */
  readonly keys: readonly [string, string]
  /** With `policies/p.yaml` and `keys.json`. */
  readonly folder: string
  stop(): Promise<void>
}

/** Whatever the number, user:ann may read. */
export function policiesOf(number: number): string {
  const rules = Array.from({ length: 50 }, (_, i) => `  - { id: r${i}, allow: a${i}, on: t${(i + number) % 7} }`)
  return `version: 1\ntenant: acme\nrules:\n  - { id: read, allow: read, on: page, to: { id: ann } }\n${rules.join('\n')}\n`
}

export async function startService(folder: string): Promise<UnderLoad> {
  const policies = join(folder, 'p.yaml')
  const keysFile = join(folder, 'keys.jsonl')
  await writeFile(policies, policiesOf(0))
  const create = () => {
    const argv = [main, 'key', 'create', 'pep', '--tenant', 'acme', '--keys', keysFile]
    return spawnSync(process.execPath, argv, { encoding: 'utf8' }).stdout.trim()
  }
  const keys = [create(), create()] as const
  const argv = [main, 'serve', policies, '--watch', '--port', '0', '--keys', keysFile]
  argv.push('--metrics', '--events', '--log', 'json', '--rate', 'caller=1000000/PT1S')
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  // Read, as a collector of logs would, and thrown away.
  child.stderr.resume()
  const url = await new Promise<string>((resolve, reject) => {
    let text = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-10_000)
      const found = /PDP at (http:\S+)/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', (code) => reject(new Error(`the service ended early (${code})`)))
  })
  const pid = child.pid ?? 0
  return {
    url,
    pid,
    keys,
    folder,
    async stop() {
      if (child.exitCode !== null) throw new Error(`the service ended under load (${child.exitCode})`)
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await ended
      if (child.exitCode !== 0) throw new Error(`the service ended with ${child.exitCode}`)
    },
  }
}
