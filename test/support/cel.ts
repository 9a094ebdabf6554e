/** Expressions of any type through compiler and core, and their values read back. */
import { Section } from '../../assembly/abi/image.ts'
import { loadCore } from '../../bindings/embedded.ts'
import { type Checked, checkExpression } from '../../src/cel/check.ts'
import type { Environment } from '../../src/cel/environment.ts'
import type { Tree } from '../../src/cel/tree.ts'
import { compileModel } from '../../src/compiler/index.ts'
import { type CelValue, readCelValue } from '../../src/engine/cel-value.ts'
import { Core } from '../../src/engine/core.ts'
import { imageDigest } from '../../src/engine/image-digest.ts'
import { ImageReader } from '../../src/engine/image-reader.ts'
import { createProjection } from '../../src/engine/projection.ts'
import type { AccessRequest } from '../../src/engine/types.ts'
import { loadModel } from '../../src/policy/index.ts'
import type { RuleModel } from '../../src/policy/model.ts'
import { resolvePath, roots } from '../../src/policy/path.ts'
import { parseRe2 } from '../../src/policy/re2.ts'
import { checkZone } from '../../src/policy/zone.ts'

export const environment: Environment = { roots, path: resolvePath, regex: parseRe2, zone: checkZone }

/** An expression checked with the policy's names. */
export function check(text: string): Checked {
  return checkExpression(text, environment)
}

const nothing: AccessRequest = {
  subject: { type: 'user', id: 'ann' },
  action: { name: 'read' },
  resource: { type: 'page', id: '1' },
}

/** Many checked expressions in one image; returns what each comes to for a request. */
export async function compileExpressions(
  trees: readonly { readonly tree: Tree; readonly source: string }[],
): Promise<(request?: AccessRequest, now?: number) => (CelValue | undefined)[]> {
  const model = loadModel({ version: 1, rules: [{ id: 'r', allow: 'read' }] })
  const [set] = model.sets
  const [first] = set!.rules
  const rules = trees.map(({ tree, source }, i): RuleModel => {
    return { ...first!, id: `r${i}`, condition: { kind: 'expression', tree, source: `${i} ${source}` } }
  })
  const bytes = compileModel({ ...model, sets: [{ ...set!, rules }] })
  const core = new Core(await loadCore(), bytes)
  const image = new ImageReader(core, imageDigest)
  const ids = image.strings()
  const start = image.section(Section.Expressions).byteOffset
  const addresses = new Map(
    image.metadata.expressions.map(([offset, text]) => [Number.parseInt(text, 10), start + offset]),
  )
  core.reserve(1 << 24)
  const projection = createProjection(core, image, ids)
  return (request = nothing, now) => {
    projection.writeKeys(request)
    projection.writeNeeds(core.match(), request, now, undefined)
    core.decide()
    return trees.map((_, i) => {
      const address = addresses.get(i)
      return address === undefined ? undefined : readCelValue(core, image, core.calls.explainExpression(address))
    })
  }
}

/** What one expression comes to; its problems when it is refused. */
export async function evaluateCel(text: string, request?: AccessRequest, now?: number): Promise<CelValue | string[]> {
  const { tree, problems } = check(text)
  if (tree === undefined) return problems.map(({ found }) => found)
  const evaluate = await compileExpressions([{ tree, source: text }])
  return evaluate(request, now)[0]!
}
