/** A policy source as it is kept, and what it says in the words of policy documents. */

import type { Diagnostic } from '../policy/diagnostic.ts'
import { importOpenGuard } from '../policy/dialects/open-guard/index.ts'
import type { PolicySource } from '../policy/index.ts'

export interface PolicyText {
  /** For messages; nothing is opened under it. */
  readonly name: string
  /** YAML or JSON. */
  readonly text: string
  /** Whose policies they are; left out: ours. */
  readonly dialect?: Dialect
}

export type Dialect = 'open-guard'

export const dialects: readonly Dialect[] = ['open-guard']

export interface ReadTexts {
  readonly sources: readonly PolicySource[]
  /** Of dialects: what cannot be imported, and what means something that a reader may not expect. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Texts of dialects become documents; others stay as they are. What could not be imported is left out, and is an error. */
export function readTexts(texts: readonly PolicyText[], tenant: string): ReadTexts {
  const diagnostics: Diagnostic[] = []
  const sources = texts.flatMap(({ name, text, dialect }): PolicySource[] => {
    if (dialect === undefined) return [{ name, text }]
    const imported = importOpenGuard({ name, text }, { tenant })
    diagnostics.push(...imported.diagnostics)
    // The dialect names a tenant only where its policies do.
    return imported.document === undefined ? [] : [{ ...imported.document, tenant: imported.document.tenant ?? tenant }]
  })
  return { sources, diagnostics }
}
