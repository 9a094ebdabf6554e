/** What every framework's middleware offers, whatever a middleware is there. */
import type { ActionOf, ActorRequirement, Authorizer, Incoming, ResourceOf, Verdict } from './types.ts'

export interface Guards<Middleware> {
  /** Lets the request through when its actor may do the action to the resource. */
  requirePermission(action: ActionOf, resource: ResourceOf): Middleware
  /** Lets the request through when it has an actor that fits, whatever they may do. */
  requireActor(requirement?: ActorRequirement): Middleware
}

/** @param guard makes a middleware that asks the check, and lets through what is not refused */
export function guardsOf<Middleware>(
  authorizer: Authorizer,
  guard: (check: (incoming: Incoming) => Promise<Verdict>) => Middleware,
): Guards<Middleware> {
  return {
    requirePermission: (action, resource) => guard(authorizer.permission(action, resource)),
    requireActor: (requirement = {}) => guard(authorizer.actor(requirement)),
  }
}
