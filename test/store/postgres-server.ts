/** A PostgreSQL server for the tests, from Debian's package, in a folder of its own. */
import { spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../runtimes/ports.mjs'

export interface PostgresServer {
  readonly url: string
  start(): void
  /** `immediate` is what a crash looks like to clients. */
  stop(mode: 'fast' | 'immediate'): void
  remove(): void
}

const versions = '/usr/lib/postgresql'

/** Where the programs are, or what to do to have them. */
export function findPostgres(): { readonly programs: string } | { readonly missing: string } {
  const newest = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a))[0] : undefined
  if (newest === undefined) return { missing: 'PostgreSQL is not installed: apt-get install postgresql' }
  return { programs: join(versions, newest, 'bin') }
}

/** Makes a cluster and starts it. The server refuses to run as root, so then it runs as the package's user. */
export async function startPostgres(programs: string, settings: readonly string[] = []): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-postgres-'))
  const isRoot = userInfo().uid === 0
  if (isRoot) {
    const ids = spawnSync('id', ['-u', 'postgres'], { encoding: 'utf8' }).stdout
    chownSync(folder, Number(ids), 0)
  }
  const data = join(folder, 'data')
  const run = (program: string, ...args: string[]): void => {
    const command = [join(programs, program), ...args]
    const words = isRoot ? ['runuser', '-u', 'postgres', '--', ...command] : command
    // Its output goes nowhere: the server would hold a pipe open for as long as it runs.
    const { status } = spawnSync(words[0]!, words.slice(1), { stdio: 'ignore', cwd: folder })
    if (status !== 0) throw new Error(`${words.join(' ')} failed; ${join(folder, 'log')} may tell why`)
  }
  const port = await freePort()
  // A locale that orders text in another way than by code point, to see that the schema does not care.
  run(
    'initdb',
    '-D',
    data,
    '-A',
    'trust',
    '-U',
    'test',
    '-E',
    'UTF8',
    '--no-sync',
    '--locale-provider',
    'icu',
    '--icu-locale',
    'en-US',
  )
  const options = [`-p ${port}`, `-k ${folder}`, '-c listen_addresses=127.0.0.1', ...settings.map((it) => `-c ${it}`)]
  const start = (): void => run('pg_ctl', '-D', data, '-l', join(folder, 'log'), '-o', options.join(' '), '-w', 'start')
  start()
  return {
    url: `postgres://test@127.0.0.1:${port}/postgres`,
    start,
    stop: (mode) => run('pg_ctl', '-D', data, '-m', mode, '-w', 'stop'),
    remove() {
      try {
        run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop')
      } catch {
        // It is stopped already.
      }
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
