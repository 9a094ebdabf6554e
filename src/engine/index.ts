/** The engine with everything: policies in, decisions out. */
import { compileModel } from '../compiler/index.ts'
import { SallyportError } from '../errors.ts'
import type { ActionOf, Policies, ResourceTypeOf } from '../policy/define.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { loadModel, prepareReading } from '../policy/index.ts'
import type { TupleInput } from '../tuple/tuple.ts'
import { makeEngine } from './load.ts'
import type { Engine, PolicyInput } from './types.ts'

export interface EngineOptions {
  /** YAML or JSON text, documents as objects, or several of them. */
  readonly policies?: PolicyInput
  /** A compiled image, instead of policies. */
  readonly image?: Uint8Array
  /** Relation tuples, beside those of the policies. */
  readonly tuples?: Iterable<TupleInput>
  /** Which tenant's policies to take, when there are several. */
  readonly tenant?: string
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
export async function createEngine({ policies, image, tenant, tuples }: EngineOptions): Promise<Engine> {
  if ((policies === undefined) === (image === undefined)) {
    throw new SallyportError('E_USAGE', 'createEngine takes either policies or an image')
  }
  const bytes = image ?? (await compile(policies ?? [], tenant))
  const engine = await makeEngine(bytes, compile)
  if (tenant !== undefined && engine.tenant !== tenant) {
    throw new SallyportError('E_TENANT', `the image is of tenant "${engine.tenant}", not of "${tenant}"`)
  }
  if (tuples !== undefined) engine.relations.add(tuples)
  return engine
}

async function compile(policies: PolicyInput, tenant: string | undefined): Promise<Uint8Array> {
  await prepareReading(policies)
  return compileModel(loadModel(policies, tenant))
}
