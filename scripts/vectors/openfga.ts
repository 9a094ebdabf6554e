/** OpenFGA's store files: a model, tuples, and what is asserted of them. Every assertion is a case. */
import { readFile } from 'node:fs/promises'
import { basename, dirname, resolve } from 'node:path'
import type { AssertionResult } from '../../src/openfga/run-store.ts'
import type { Api, Case, Outcome, Runner, VectorFile } from './runner.ts'

const source = 'OpenFGA store file'
const ending = '.fga.yaml'

export function isStoreFile(path: string): boolean {
  return path.endsWith(ending)
}

/** Runs the store; its cases hold what came of them. */
export async function readStore(path: string, { openFga }: Api): Promise<VectorFile> {
  const store = await openFga.loadStore(path, (file) => readFile(file, 'utf8'))
  const { results } = await openFga.runStore(store)
  const name = `${basename(dirname(resolve(path)))}/${basename(path)}`
  return { name, source, cases: results.map((result): Case => ({ name: `${result.test}: ${result.asked}`, result })) }
}

export function openFgaRunner(of: string): Runner | undefined {
  return of === source ? async (one) => outcomeOf(one) : undefined
}

function outcomeOf({ result }: Case): Outcome {
  const { passed, kind, asked, expected, got, error } = result as AssertionResult
  return passed ? { kind: 'passed' } : { kind: 'failed', request: `${kind} ${asked}`, expected, got: error ?? got }
}
