/** The suite as a script: in this Node, in another Node on the PATH, in Deno and in Bun. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { SkipError } from './skip.mjs'

const script = 'test/runtimes/script.mjs'

export async function node() {
  return report(`node ${process.versions.node}`, process.execPath, [script])
}

/** The package promises Node 20 and later; development runs on a newer one. */
export async function otherNode() {
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    const file = join(folder, 'node')
    if (folder.includes('node_modules') || !existsSync(file)) continue
    const version = execFileSync(file, ['--version'], { encoding: 'utf8' }).trim().slice(1)
    if (version !== process.versions.node && Number.parseInt(version, 10) >= 20) {
      return report(`node ${version}`, file, [script])
    }
  }
  // Nothing is missing then: this Node is the machine's own.
  return { name: 'other node', passed: 0, failures: [], skipped: 'the PATH has no other Node from version 20' }
}

export async function deno() {
  const version = run('deno', ['--version']).split(/\s+/)[1]
  // The YAML parser asks for these two variables; nothing else needs a permission.
  const args = ['run', '--node-modules-dir=manual', '--no-prompt', '--allow-env=LOG_TOKENS,LOG_STREAM', script]
  return report(`deno ${version}`, 'deno', args)
}

export async function bun() {
  return report(`bun ${run('bun', ['--version']).trim()}`, 'bun', [script])
}

function report(name, command, args) {
  return { name, ...JSON.parse(run(command, args)) }
}

function run(command, args) {
  const local = join('node_modules', '.bin', command)
  try {
    return execFileSync(existsSync(local) ? local : command, args, {
      encoding: 'utf8',
      timeout: 120_000,
      stdio: 'pipe',
    })
  } catch (error) {
    if (error.code === 'ENOENT') throw new SkipError(`${command} is not installed: npm ci`)
    throw new Error(`${command} ${args.join(' ')} failed: ${error.message}\n${error.stdout}`)
  }
}
