/** Many regular expressions asked at once, by an engine that has a rule for each. */
import type { compileModel } from '../../src/compiler/index.ts'
import type { createEngine } from '../../src/engine/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import type { loadModel } from '../../src/policy/index.ts'
import type { PolicyModel, RuleModel } from '../../src/policy/model.ts'
import type { RegexAst } from '../../src/policy/regex.ts'
import type { Finder, RegexForm } from './regex-agreement.ts'

/** The parts of the sources, or of what was built of them. */
export interface Parts {
  readonly createEngine: typeof createEngine
  readonly compileModel: typeof compileModel
  readonly loadModel: typeof loadModel
}

/** @param parse how the sources are read, if not as policies have them */
export async function makeFinder(
  parts: Parts,
  sources: readonly string[],
  form: RegexForm,
  parse?: (source: string) => RegexAst,
): Promise<Finder> {
  const policies: PolicyDocument = {
    version: 1,
    rules: sources.map((source, i) => {
      return { id: `${i}`, allow: 'read', when: { 'context.text': { regex: parse === undefined ? source : '' } } }
    }),
  }
  const model = parts.loadModel(policies)
  const options = form === 'nfa' ? { regexBounds: { cells: 0, work: 0 } } : {}
  const image = parts.compileModel(parse === undefined ? model : withExpressions(model, sources, parse), options)
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

function withExpressions(
  model: PolicyModel,
  sources: readonly string[],
  parse: (source: string) => RegexAst,
): PolicyModel {
  const replaced = (rule: RuleModel, i: number): RuleModel => {
    const { condition } = rule
    if (condition?.kind !== 'regex') throw new Error('the rule has another condition')
    return { ...rule, condition: { ...condition, source: sources[i]!, ast: parse(sources[i]!) } }
  }
  return { ...model, sets: model.sets.map((set) => ({ ...set, rules: set.rules.map(replaced) })) }
}
