/** Replays folders of vectors and tells what came of it. */
import { findVectors, readVectors } from './files.ts'
import { nameOf } from './name.ts'
import type { Api, Case, ChooseRunner, Outcome, Runner, VectorFile } from './runner.ts'

export interface Totals {
  passed: number
  failed: number
  skipped: number
}

export interface Options {
  readonly api: Api
  readonly chooseRunner: ChooseRunner
  /** Writes one line. */
  readonly print: (line: string) => void
}

/**
 * Replays all vectors under the folders. The last line that it prints is `N passed, N failed, N skipped`; cases of files
 * without a runner count as skipped.
 *
 * @returns the exit code: 1 when a case fails or a folder holds none
 */
export async function replayFolders(folders: readonly string[], options: Options): Promise<Totals & { code: 0 | 1 }> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 }
  let code: 0 | 1 = 0
  for (const folder of folders) {
    if (!(await replayFolder(folder, totals, options))) {
      options.print(`${folder}: no cases`)
      code = 1
    }
  }
  if (totals.failed > 0) code = 1
  options.print(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`)
  return { ...totals, code }
}

/** Whether there was a case. */
async function replayFolder(folder: string, totals: Totals, options: Options): Promise<boolean> {
  const { api, chooseRunner, print } = options
  let found = false
  for (const path of await findVectors(folder)) {
    const file = await readVectors(path, api)
    const runner = file && chooseRunner(file)
    if (file === undefined || runner === undefined) {
      print(`${nameOf(path)}.json: no runner`)
      totals.skipped += file?.cases.length ?? 0
    } else await replayFile(file, runner, totals, options)
    found ||= file !== undefined && file.cases.length > 0
  }
  return found
}

async function replayFile(file: VectorFile, runner: Runner, totals: Totals, { api, print }: Options): Promise<void> {
  const notes: string[] = []
  let passed = 0
  let skipped = 0
  for (const one of file.cases) {
    const outcome = await replayCase(one, runner, api)
    if (outcome.kind === 'passed') passed++
    else notes.push(...describe(one, outcome))
    if (outcome.kind === 'skipped') skipped++
  }
  totals.passed += passed
  totals.skipped += skipped
  totals.failed += file.cases.length - passed - skipped
  print(`${file.name} ${passed}/${file.cases.length}${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  for (const note of notes) print(note)
}

async function replayCase(one: Case, runner: Runner, api: Api): Promise<Outcome> {
  try {
    return await runner(one, api)
  } catch (error) {
    const got = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return { kind: 'failed', request: one.request, expected: one.expected, got }
  }
}

function describe({ name }: Case, outcome: Exclude<Outcome, { kind: 'passed' }>): string[] {
  if (outcome.kind === 'skipped') return [`  skipped ${name}: ${outcome.why}`]
  const { request, expected, got } = outcome
  // A message may have several lines; the last line of all must stay recognisable.
  const show = (value: unknown) =>
    typeof value === 'string' ? value.replaceAll('\n', '\n      ') : JSON.stringify(value)
  return [
    `  FAILED ${name}`,
    `    request  ${show(request)}`,
    `    expected ${show(expected)}`,
    `    got      ${show(got)}`,
  ]
}
