/** The operation chain as routes. */
import type { Route } from '../../document.ts'
import { quote } from '../../read.ts'
import type { Report } from '../../report.ts'
import { fromFnmatch } from './fnmatch.ts'
import type { Model, OperationChain } from './source.ts'

/** The set of actions for which no model has a policy: nothing in it ever decides, so they are denied. */
export const noModel = 'none'

/** @param setsOf The sets that a model has; none when there are no policies of it. */
export function routesOf(
  chain: OperationChain | undefined,
  setsOf: (model: Model) => readonly string[],
  report: Report,
): Route[] {
  const routes: Route[] = []
  const add = (actions: string, models: readonly Model[]): void => {
    const sets = models.flatMap(setsOf)
    routes.push({ actions, sets: sets.length === 0 ? [noModel] : sets })
  }
  for (const { pattern, models, at } of chain?.rules ?? []) {
    const actions = fromFnmatch(pattern)
    if (actions === undefined) report.warning('W_IMPORT', at, `the pattern ${quote(pattern)} matches no action`)
    else add(actions, models)
  }
  if (chain?.otherwise !== undefined) add('*', chain.otherwise)
  return routes
}
