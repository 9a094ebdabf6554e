/**
 * OpenFGA's own parser is fifty kilobytes with gzip, and most policies do not need it: it is loaded when one does. Loading
 * takes a moment, and reading policies does not wait: so whoever reads them calls `prepareReading` first.
 */
import type { PolicyInput } from '../source.ts'

/** Turns a model's text into OpenFGA's JSON form, or throws. */
export type OpenFgaReader = (text: string) => unknown

let reader: OpenFgaReader | undefined

/** The reader, when it has been loaded. */
export function loadedReader(): OpenFgaReader | undefined {
  return reader
}

/**
 * Loads what reading these policies needs besides this package's own code: OpenFGA's parser, where a model is written in
 * its language. `createEngine` and `replacePolicies` do this themselves.
 *
 * @example
 * await prepareReading(policies)
 * parsePolicies(policies).diagnostics
 */
export async function prepareReading(input: PolicyInput): Promise<void> {
  if (reader !== undefined) return
  const sources: readonly unknown[] = Array.isArray(input) ? input : [input]
  if (sources.some(mentionsOpenFga)) await loadOpenFga()
}

async function loadOpenFga(): Promise<void> {
  const { readDsl } = await import('./openfga-dsl.ts')
  reader = readDsl
}

const schemaLine = /\bschema\s+1\.\d/

function mentionsOpenFga(source: unknown): boolean {
  if (typeof source === 'string') return schemaLine.test(source)
  if (typeof source !== 'object' || source === null) return false
  if ('text' in source && typeof source.text === 'string') return schemaLine.test(source.text)
  if (!('relations' in source)) return false
  const { relations } = source
  return (
    typeof relations === 'string' || (typeof relations === 'object' && relations !== null && 'openfga' in relations)
  )
}
