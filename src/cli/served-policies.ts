/** The policies that `serve` serves: one engine per tenant, and how they are replaced. */
import { compileModel } from '../compiler/index.ts'
import { createEngine } from '../engine/index.ts'
import type { Engine } from '../engine/types.ts'
import { SallyportError } from '../errors.ts'
import type { PolicyModel } from '../policy/model.ts'
import type { Io } from './io.ts'
import { readModels, type Sources } from './policies.ts'

export interface Served {
  readonly sources: Sources
  readonly models: ReadonlyMap<string, PolicyModel>
  readonly engines: Map<string, Engine>
}

/**
 * Engines for the tenants in the sources, or for the one that is named.
 *
 * @throws PolicyError, SallyportError `E_TENANT` when there is no such tenant
 */
export async function loadServed(sources: Sources, tenant: string | undefined, io: Io): Promise<Served> {
  const all = readModels(sources, io)
  const models = tenant === undefined ? all : new Map([...all].filter(([name]) => name === tenant))
  if (models.size === 0 && tenant !== undefined) {
    const names = [...all.keys()].map((name) => JSON.stringify(name)).join(', ')
    throw new SallyportError('E_TENANT', `the policies have no tenant ${JSON.stringify(tenant)}, only ${names}`)
  }
  const engines = new Map<string, Engine>()
  for (const [name, model] of models) engines.set(name, await createEngine({ image: compileModel(model) }))
  return { sources, models, engines }
}

/**
 * Puts `next` in force between two requests, for all tenants at once. The map stays the same one, since the service
 * looks engines up in it.
 */
export function replaceServed(current: Map<string, Engine>, next: Served): void {
  for (const name of current.keys()) if (!next.engines.has(name)) current.delete(name)
  for (const [name, engine] of next.engines) current.set(name, engine)
}
