/** Runs what the documentation shows: commands, services and scripts. They use the built package: `npm run build`. */
import { spawn } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'esbuild'
import { root } from './markdown.ts'

export interface Step {
  readonly command: string
  /** What the page shows below it, without the line break at its end. */
  readonly output: string
}

/** The commands of a console block, and what follows each. */
export function stepsOf(text: string): Step[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const [command = '', ...lines] = part.trimEnd().split('\n')
      return { command, output: lines.join('\n') }
    })
}

/** Between the outputs of two commands. */
const MARK = '\u001e'

/** Runs commands one after the other in one shell; `$?` is that of the one before. Gives what each wrote. */
export async function runSteps(steps: readonly Step[], folder: string): Promise<string[]> {
  const script = steps.map(({ command }) => `${command}\nstatus=$?; printf '${MARK}'; (exit $status)`).join('\n')
  const outputs = (await shell(script, folder).ended).split(MARK)
  return outputs.slice(0, steps.length).map((output) => output.replace(/\n$/, ''))
}

/** Runs a command that serves until it is interrupted, on a port of its own, and stops it when it has written `until`. */
export async function runService(command: string, folder: string, port: number, until: string): Promise<string> {
  const { child, written, ended } = shell(command, folder, { PORT: String(port) })
  const deadline = Date.now() + 20_000
  while (!written().includes(until) && child.exitCode === null && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
  return (await ended).trimEnd()
}

function shell(script: string, folder: string, env: Readonly<Record<string, string>> = {}) {
  const main = join(root, 'dist/src/cli/main.js')
  const prelude = `sallyport() { ${JSON.stringify(process.execPath)} ${JSON.stringify(main)} "$@"; }\nexec 2>&1\n`
  // A group of its own, so that an interrupt reaches all of it, as in a terminal.
  const child = spawn('bash', ['-c', prelude + script], {
    cwd: folder,
    detached: true,
    env: { ...process.env, ...env },
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part
  })
  const ended = new Promise<string>((resolve) => child.once('close', () => resolve(text)))
  return { child, written: () => text, ended }
}

/** What must not be fixed in a page: the ids and sizes of images, which a change of the format changes. */
export function comparable(output: string): string {
  return output
    .replace(/\b[0-9a-f]{64}\b/g, 'ID')
    .replace(/\bimage [0-9a-f]{12}\b/g, 'image ID')
    .replace(/\b\d+ bytes\b/g, 'N bytes')
}

/** Runs a script as a module that may import the package by its name; gives what it printed. */
export async function runScript(name: string, code: string): Promise<string> {
  const file = join(root, 'build/docs', `${name}.mjs`)
  mkdirSync(join(root, 'build/docs'), { recursive: true })
  writeFileSync(file, code)
  const { ended } = shell(`${JSON.stringify(process.execPath)} ${JSON.stringify(file)}`, root)
  return (await ended).trimEnd()
}

/** What a script says that it prints: the comments behind its calls of console.log, in order. */
export function promisedOutput(code: string): string {
  return [...code.matchAll(/^\s*console\.log\(.*\) \/\/ (.*)$/gm)].map(([, line = '']) => line).join('\n')
}

/**
 * Bundles a Worker that imports an image as bytes, as wrangler does, and gives a script that sends it bodies, one a line of what it
 * prints: the status of the response and its body.
 */
export async function bundleWorker(code: string, image: Uint8Array, bodies: readonly string[]): Promise<string> {
  const folder = join(root, 'build/docs/worker')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'policy.image'), image)
  await build({
    stdin: { contents: code, resolveDir: folder },
    bundle: true,
    format: 'esm',
    target: 'es2022',
    loader: { '.image': 'binary' },
    outfile: join(folder, 'bundle.mjs'),
    logLevel: 'silent',
  })
  return `
    import worker from './worker/bundle.mjs'
    for (const body of ${JSON.stringify(bodies)}) {
      const response = await worker.fetch(new Request('https://x/', { method: 'POST', body }))
      console.log(response.status, await response.text())
    }`
}
