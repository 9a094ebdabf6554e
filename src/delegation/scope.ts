/**
 * Scopes: what a delegation is about. A scope is a rule without effect and subject, in the words of the policy reference, and
 * is read by what reads policies.
 */
import { SallyportError } from '../errors.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import type { ConditionSource, Patterns, PolicyDocument, Rule } from '../policy/document.ts'
import { loadDocument } from '../policy/load-document.ts'
import type { Pattern } from '../policy/model.ts'
import { isMap } from '../text/is-map.ts'

/**
 * Actions on resources, under conditions.
 *
 * @example { actions: 'travel:*', on: 'trip', when: { 'resource.price': { lte: 1000 } } }
 */
export interface Scope {
  /** One action or several, as names or patterns. */
  readonly actions: Patterns
  /** Types, or types and ids, as names or patterns; any resource when left out. */
  readonly on?: Patterns | { readonly type?: Patterns; readonly id?: Patterns }
  /** The scope covers only requests for which this holds. */
  readonly when?: ConditionSource
  /** … and for which this does not hold. */
  readonly unless?: ConditionSource
  /** … and only at these times. */
  readonly during?: Rule['during']
}

/** A scope that was read. An empty list of patterns means any. */
export interface ReadScope {
  readonly actions: readonly Pattern[]
  readonly types: readonly Pattern[]
  readonly ids: readonly Pattern[]
  readonly conditional: boolean
}

/** Scopes that were read, with what they came from. */
export interface Scopes {
  readonly all: readonly ReadScope[]
  /** Rules that allow what the scopes cover, and nothing else. */
  readonly document: PolicyDocument
}

/** The most scopes of one delegation. */
const MOST_SCOPES = 16
/** The longest they may be as JSON, in UTF-16 units. */
const LONGEST_SCOPES = 32_768

const keys: readonly string[] = ['actions', 'on', 'when', 'unless', 'during'] satisfies readonly (keyof Scope)[]

/**
 * Reads scopes, whoever they come from.
 *
 * @throws SallyportError `E_SCOPE` with every mistake in them, and its place.
 * @example readScopes([{ actions: ['read', 'list'], on: 'document' }]).all.length // 1
 */
export function readScopes(scopes: unknown): Scopes {
  if (!Array.isArray(scopes) || scopes.length === 0) throw bad('scopes must be a list with at least one scope')
  if (scopes.length > MOST_SCOPES) throw bad(`there are ${scopes.length} scopes; at most ${MOST_SCOPES} are possible`)
  if (scopesText(scopes).length > LONGEST_SCOPES) {
    throw bad(`the scopes are too long; as JSON they may have at most ${LONGEST_SCOPES} characters`)
  }
  const rules = Array.from(scopes, (scope: unknown, index) => ruleOf(scope, index))
  // Which chains a request may bring is said by the policies proper.
  const document: PolicyDocument = { version: 1, chain: { max_depth: 64, repeats: true }, rules }
  const [set] = modelOf(document).sets
  const all = (set?.rules ?? []).map(({ actions, resourceTypes, resourceIds, condition }) => ({
    actions,
    types: resourceTypes,
    ids: resourceIds,
    conditional: condition !== undefined,
  }))
  return { all, document }
}

/**
 * Scopes as they are kept.
 *
 * @throws SallyportError `E_SCOPE`
 */
export function scopesText(scopes: unknown): string {
  try {
    return JSON.stringify(scopes)
  } catch (cause) {
    // A bigint, or an object that holds itself.
    throw bad('the scopes hold what JSON has no form for', { cause })
  }
}

function ruleOf(scope: unknown, index: number): Rule {
  const where = `scopes[${index}]`
  if (!isMap(scope)) {
    throw bad(`${where} must be an object with actions and, where it is not about every resource, on`)
  }
  const unknown = Object.keys(scope).find((key) => !keys.includes(key))
  if (unknown !== undefined)
    throw bad(`${where} has the unknown key ${JSON.stringify(unknown)}; there are ${keys.join(', ')}`)
  if (!('actions' in scope)) throw bad(`${where} has no actions; write "*" for any`)
  const { actions, ...rest } = scope
  // Of unknown shape until the policy's own reader has looked at it.
  return { id: `scope-${index}`, allow: actions, ...rest } as Rule
}

function modelOf(document: PolicyDocument) {
  try {
    return loadDocument(document)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    const lines = error.diagnostics.map(({ place, message }) => {
      const path = place.path.replace(/^rules/, 'scopes').replace(/\.allow\b/, '.actions')
      return `${path}: ${message}`
    })
    throw bad(lines.join('\n'), { cause: error })
  }
}

function bad(message: string, options?: ErrorOptions): SallyportError {
  return new SallyportError('E_SCOPE', message, options)
}
