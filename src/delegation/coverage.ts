/** Whether scopes cover a request. */
import { compileModel } from '../compiler/index.ts'
import { loadEngine } from '../engine/load.ts'
import type { AccessRequest, Engine, EvaluateOptions } from '../engine/types.ts'
import { loadDocument } from '../policy/load-document.ts'
import type { Pattern } from '../policy/model.ts'
import { coversText } from '../policy/pattern-match.ts'
import { isWellFormed } from '../policy/scalar-node.ts'
import { type ReadScope, readScopes, type Scope, type Scopes, scopesText } from './scope.ts'

/** How many lists of scopes are kept ready; those with conditions hold a core each, some 200 kB. */
const KEPT = 256

interface Known {
  readonly scopes: Scopes
  /** Made when a condition is first asked for. */
  engine?: Promise<Engine> | undefined
}

/**
 * Answers for lists of scopes, and keeps what it made of those that were used last. Patterns are compared here; what has
 * conditions is decided by an engine that holds the scopes as rules, so that they mean what they mean in policies.
 */
export class Coverage {
  readonly #known = new Map<string, Known>()

  /** @throws SallyportError `E_SCOPE` */
  read(scopes: readonly Scope[]): Scopes {
    return this.#find(scopes).scopes
  }

  /**
   * Whether one of the scopes covers the request. What cannot be evaluated covers nothing.
   *
   * @throws SallyportError `E_SCOPE`; as `engine.evaluate` where there are conditions.
   */
  async covers(scopes: readonly Scope[], request: AccessRequest, options: EvaluateOptions): Promise<boolean> {
    const known = this.#find(scopes)
    const near = known.scopes.all.filter((scope) => isAbout(scope, request))
    if (near.length === 0) return false
    if (near.some(({ conditional }) => !conditional)) return true
    // Not `createEngine`, with which the parser of OpenFGA's models comes along: scopes are objects without relations.
    known.engine ??= loadEngine(compileModel(loadDocument(known.scopes.document))).catch((error) => {
      // There was no room for a core: the next request tries again.
      known.engine = undefined
      throw error
    })
    const engine = await known.engine
    // Not the tenant: the engine of the scopes is of none.
    const { subject, action, resource, context, state } = request
    const asked = { subject, action, resource, ...(context && { context }), ...(state && { state }) }
    return engine.evaluate(asked, options).decision
  }

  #find(scopes: readonly Scope[]): Known {
    const key = scopesText(scopes)
    const known = this.#known.get(key) ?? { scopes: readScopes(scopes) }
    // The last used stand at the end.
    this.#known.delete(key)
    this.#known.set(key, known)
    if (this.#known.size > KEPT) this.#known.delete(this.#known.keys().next().value!)
    return known
  }
}

function isAbout({ actions, types, ids }: ReadScope, { action, resource }: AccessRequest): boolean {
  return covers(actions, action.name) && covers(types, resource.type) && covers(ids, resource.id)
}

/** What is no text, or holds half of a surrogate pair, is nothing that could be lent. */
function covers(patterns: readonly Pattern[], part: unknown): boolean {
  return typeof part === 'string' && isWellFormed(part) && coversText(patterns, part)
}
