/** `sallyport/service/api`: the decision API, which is the guard over HTTP. docs/decision-api.md describes it. */
import type { Caller } from '../../authzen/decide.ts'
import type { PageTokens } from '../../authzen/page-token.ts'
import type { Engine, Subject } from '../../engine/types.ts'
import { SallyportError } from '../../errors.ts'
import type { Guard } from '../../guard/guard.ts'
import type { ProofIssuer } from '../../identity/issuer.ts'
import { type Api, defineApi } from '../operation/api.ts'
import type { Asked } from '../operation/operation.ts'
import { pageTokens } from '../page-secret.ts'
import { ProblemError } from '../problem.ts'
import { defaultCallerEngine } from './access.ts'
import type { ApiContext, Cursors } from './acting.ts'
import { decisionOperations } from './operations.ts'
import { proofKeys, proofOperations, publishKeys } from './proofs.ts'

export { callerPolicies } from './access.ts'

export interface DecisionApiOptions {
  /**
   * The guard of a tenant, over the engine that answers for it; undefined where the tenant has none. Asked once for each engine: policies that are
   * replaced by another engine get another guard, over the same store.
   */
  readonly guard: (engine: Engine) => Guard | undefined
  /** The subject that a caller itself is, with properties and chain, from its verified claims. Left out: none is any. */
  readonly subjectOf?: (caller: Caller) => Subject | undefined
  /** Decides what callers may do, in place of `callerPolicies`. */
  readonly access?: Engine
  /**
   * Who those are that need not prove who they are, in an app without `identify`, by the URL at which they reach it; undefined for nobody. Left out: they
   * are refused.
   */
  readonly anonymous?: (base: string) => Caller | undefined
  /** Signs delegations as proofs: `createProofIssuer` of `sallyport/identity` makes one. Left out: there are none (`E_PROOF_KEY`). */
  readonly proofs?: ProofIssuer
  /** Under which cursors of lists are sealed: as `pageSecret` of `createApp`. */
  readonly pageSecret?: string | Uint8Array
}

/**
 * The decision API, for `createApp({ apis })`.
 *
 * @example
 * const guard = (engine) => createGuard({ engine, store, clock: Date.now, random })
 * createApp({ engine, identify, apis: [decisionApi({ guard })] })
 */
export function decisionApi(options: DecisionApiOptions): Api {
  const { guard, subjectOf, access, anonymous, proofs, pageSecret } = options
  const guards = new WeakMap<Engine, Guard>()
  const defaultAccess = defaultCallerEngine()
  const cursors = cursorsOf(pageTokens(pageSecret))
  const guardOf = (engine: Engine): Guard => {
    const found = guards.get(engine) ?? guard(engine)
    if (found === undefined) throw new ProblemError(404, 'E_NOT_FOUND', 'this tenant has no guard')
    guards.set(engine, found)
    return found
  }
  const admit = async ({ permission = '' }, { tenant, point }: Asked): Promise<ApiContext> => {
    const caller = point.caller ?? anonymous?.(point.base)
    if (caller === undefined) {
      throw new ProblemError(403, 'E_FORBIDDEN', 'this service does not know who asks, and so does nothing here')
    }
    return {
      guard: guardOf(tenant.engine),
      caller,
      self: subjectOf?.(caller),
      access: access ?? (await defaultAccess()),
      cursors,
      proofs,
      now: point.now,
      tenant: tenant.name,
      permission,
    }
  }
  const api = defineApi({ operations: decisionOperations, publications: [publishKeys(proofs)], admit })
  if (proofs !== undefined) return api
  // They are answered, by what to turn on; the document is of what is.
  const off = new Set([...proofOperations, proofKeys].map(({ operationId }) => operationId))
  return { ...api, operations: api.operations.filter(({ operationId }) => !off.has(operationId)) }
}

/** The page tokens of search, which are sealed so that nobody reads in them what was looked at. */
function cursorsOf(tokens: PageTokens): Cursors {
  return {
    seal: (query, after) => tokens.seal(query, { after, limit: 0 }),
    open: async (query, cursor) => {
      try {
        const { after } = await tokens.open(query, cursor)
        return after ?? ''
      } catch (cause) {
        if (!(cause instanceof SallyportError)) throw cause
        throw new SallyportError('E_CURSOR', 'the cursor does not belong to this list; start again without it', {
          cause,
        })
      }
    },
  }
}
