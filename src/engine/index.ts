/** The engine with everything: policies in, decisions out. */
import { compileModel } from '../compiler/index.ts'
import { SallyportError } from '../errors.ts'
import type { ActionOf, Policies, ResourceTypeOf } from '../policy/define.ts'
import type { Diagnostic } from '../policy/diagnostic.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { loadModel, prepareReading } from '../policy/index.ts'
import type { TupleInput } from '../tuple/tuple.ts'
import { type Compile, makeEngine } from './load.ts'
import type { Engine, PolicyInput } from './types.ts'

export interface EngineOptions {
  /** YAML or JSON text, documents as objects, or several of them. */
  readonly policies?: PolicyInput
  /** A compiled image, instead of policies. */
  readonly image?: Uint8Array
  /** Relation tuples, beside those of the policies; or `elsewhere`, when others know them: see docs/relation-sources.md. */
  readonly tuples?: Iterable<TupleInput> | 'elsewhere'
  /** Which tenant's policies to take, when there are several. */
  readonly tenant?: string
  /**
   * Is told of every warning about the policies, here and in `replacePolicies`: rules that can never apply or never matter,
   * and the like. Looking for them about doubles the time that loading takes; without this option nobody looks.
   */
  readonly onWarning?: (warning: Diagnostic) => void
}

/**
 * Creates an engine from policies or from a compiled image.
 *
 * @throws PolicyError `E_POLICY` with every mistake in the policies and its place.
 * @throws SallyportError `E_TENANT` when there are several tenants and none was chosen; `E_IMAGE` for a bad image;
 * `E_TUPLE` for a bad tuple.
 * @example
 * const engine = await createEngine({ policies: { version: 1, rules: [{ id: 'open', allow: 'read', on: 'page' }] } })
 * engine.evaluate({
 *   subject: { type: 'user', id: 'ann' }, action: { name: 'read' }, resource: { type: 'page', id: '1' },
 * }).status // 'allow'
 */
export function createEngine<const P extends PolicyDocument>(
  options: EngineOptions & { readonly policies: Policies<P> },
): Promise<Engine<ActionOf<Policies<P>>, ResourceTypeOf<Policies<P>>>>
export function createEngine(options: EngineOptions): Promise<Engine>
export async function createEngine({ policies, image, tenant, tuples, onWarning }: EngineOptions): Promise<Engine> {
  if ((policies === undefined) === (image === undefined)) {
    throw new SallyportError('E_USAGE', 'createEngine takes either policies or an image')
  }
  const compile: Compile = async (input, of) => {
    await prepareReading(input)
    return compileModel(loadModel(input, of, onWarning))
  }
  const bytes = image ?? (await compile(policies ?? [], tenant))
  const engine = await makeEngine(bytes, compile, tuples === 'elsewhere')
  if (tenant !== undefined && engine.tenant !== tenant) {
    throw new SallyportError('E_TENANT', `the image is of tenant "${engine.tenant}", not of "${tenant}"`)
  }
  if (tuples !== undefined && tuples !== 'elsewhere') engine.relations.add(tuples)
  return engine
}
