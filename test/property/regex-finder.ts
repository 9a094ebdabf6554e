/** Many regular expressions asked at once, by an engine that has a rule for each. */
import type { compileModel } from '../../src/compiler/index.ts'
import type { createEngine } from '../../src/engine/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { loadModel } from '../../src/policy/index.ts'
import type { Finder, RegexForm } from './regex-agreement.ts'

/** The parts of the sources, or of what was built of them. */
export interface Parts {
  readonly createEngine: typeof createEngine
  readonly compileModel: typeof compileModel
  readonly loadModel: typeof loadModel
}

export async function makeFinder(parts: Parts, sources: readonly string[], form: RegexForm): Promise<Finder> {
  const policies: PolicyDocument = {
    version: 1,
    rules: sources.map((regex, i) => ({ id: `${i}`, allow: 'read', when: { 'context.text': { regex } } })),
  }
  const options = form === 'nfa' ? { regexBounds: { cells: 0, work: 0 } } : {}
  const image = parts.compileModel(parts.loadModel(policies), options)
  const engine = await parts.createEngine({ image })
  return (text) => {
    const { code, rules } = engine.evaluate({
      subject: { type: 'user', id: 'alice' },
      action: { name: 'read' },
      resource: { type: 'doc', id: 'd1' },
      context: { text },
    })
    if (code === 'limit' || code === 'trap') throw new Error(`the engine says ${code}`)
    const found = new Set(rules)
    return sources.map((_, i) => found.has(`${i}`))
  }
}
