import type { Engine } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'

/** An engine from dist/, which is what users run. */
export async function engineOf(policies: PolicyDocument): Promise<Engine> {
  const url = new URL('../../dist/src/engine/index.js', import.meta.url).href
  const { createEngine }: typeof import('../../src/engine/index.ts') = await import(url)
  return createEngine({ policies })
}
