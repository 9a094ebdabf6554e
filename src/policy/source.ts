/** What policies may be given as. */
import type { PolicyDocument } from './document.ts'
import type { Node } from './node.ts'
import { readObject } from './object.ts'
import type { Report } from './report.ts'
import { readText } from './text.ts'

/** Policies as text or as an object; several make one document per tenant. */
export type PolicyInput = PolicySource | readonly PolicySource[]

/** YAML or JSON text, text with a name for messages, or a document as an object. */
export type PolicySource = string | { readonly name: string; readonly text: string } | PolicyDocument

export interface ReadSources {
  /** The documents of all sources, in the order given. */
  readonly documents: readonly Node[]
  /** The names of the sources, in the order given. */
  readonly names: readonly string[]
}

/** Reads every source into nodes. */
export function readSources(input: PolicyInput, report: Report): ReadSources {
  const sources: readonly unknown[] = Array.isArray(input) ? input : [input]
  const names: string[] = []
  const documents: Node[] = []
  for (const [index, source] of sources.entries()) {
    const fallback = sources.length === 1 ? 'policies' : `policies ${index + 1}`
    const { name, text } = asText(source, fallback)
    names.push(name)
    if (text === undefined) documents.push(readObject(name, source))
    else for (const node of readText(name, text, report)) documents.push(node)
  }
  return { documents, names }
}

function asText(source: unknown, fallback: string): { name: string; text?: string } {
  if (typeof source === 'string') return { name: fallback, text: source }
  if (typeof source === 'object' && source !== null && 'name' in source && 'text' in source) {
    if (typeof source.name === 'string' && typeof source.text === 'string')
      return { name: source.name, text: source.text }
  }
  return { name: fallback }
}
