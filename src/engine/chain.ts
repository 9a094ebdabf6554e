/**
 * The actor chain of a request: who acts on whose behalf. Two forms say the same: nested `on_behalf_of`, and the list
 * `delegation_chain`, whose first item is the root, as proposed for AuthZEN (openid/authzen issue 416). The list holds the
 * delegators; the subject, who acts for the last of them, is not among them.
 */

import { SallyportError } from '../errors.ts'
import type { ChainModel } from '../policy/model.ts'
import { error, isMap } from './request.ts'
import type { Actor, Subject } from './types.ts'

/** What holds where the policies say nothing. */
const DEFAULT: ChainModel = { maxDepth: 5, repeats: false }

export interface Chain {
  /** The delegators of the current request, the nearest first. */
  readonly delegators: readonly Actor[]
  /**
   * Reads the chain of a subject that has one.
   *
   * @throws SallyportError `E_REQUEST` when it is not of the form, `E_CHAIN_DEPTH` when it has too many delegators.
   */
  read(subject: Subject): void
  /** Forgets it. */
  clear(): void
}

export function createChain({ maxDepth, repeats } = DEFAULT): Chain {
  // Filled anew for every request that has a chain, so that only these pay.
  const delegators: Actor[] = []

  function read(subject: Subject): void {
    clear()
    const { on_behalf_of: nested, delegation_chain: listed } = subject
    if (nested !== undefined && listed !== undefined) {
      throw new SallyportError('E_REQUEST', 'subject has both on_behalf_of and delegation_chain; send one of them')
    }
    if (nested !== undefined) readNested(nested)
    else readListed(listed)
    let actor: Actor = subject
    for (const delegator of delegators) {
      if (!repeats && delegator.type === actor.type && delegator.id === actor.id) throw repeated(delegator, listed)
      actor = delegator
    }
  }

  function readNested(first: unknown): void {
    let where = 'subject.on_behalf_of'
    let next = first
    while (next !== undefined) {
      const actor = add(next, where)
      if (actor.delegation_chain !== undefined) {
        throw new SallyportError('E_REQUEST', `${where} has a delegation_chain; only the subject may have one`)
      }
      next = actor.on_behalf_of
      where += '.on_behalf_of'
    }
  }

  function readListed(list: unknown): void {
    if (!Array.isArray(list)) throw error('subject.delegation_chain', 'a list', list)
    if (list.length > maxDepth) throw tooDeep()
    // By index: a hole is no actor.
    for (let i = list.length - 1; i >= 0; i--) {
      const where = `subject.delegation_chain[${i}]`
      const actor = add(list[i], where)
      if (actor.on_behalf_of !== undefined || actor.delegation_chain !== undefined) {
        throw new SallyportError('E_REQUEST', `${where} has a chain of its own; it is the list that says it`)
      }
    }
  }

  /** Checks an actor and takes it in. */
  function add(actor: unknown, where: string): Readonly<Record<string, unknown>> {
    if (delegators.length >= maxDepth) throw tooDeep()
    if (!isMap(actor)) throw error(where, 'an object with type and id', actor)
    const { type, id, properties } = actor
    if (typeof type !== 'string') throw error(`${where}.type`, 'a string', type)
    if (typeof id !== 'string') throw error(`${where}.id`, 'a string', id)
    if (properties !== undefined && !isMap(properties)) throw error(`${where}.properties`, 'an object', properties)
    // A copy, so that whatever the host's object is, what was checked is what is read.
    delegators.push(properties === undefined ? { type, id } : { type, id, properties })
    return actor
  }

  function tooDeep(): SallyportError {
    const most = maxDepth === 0 ? 'none is permitted' : `at most ${maxDepth} ${maxDepth === 1 ? 'is' : 'are'} permitted`
    return new SallyportError('E_CHAIN_DEPTH', `the actor chain has more delegators than the policies permit: ${most}`)
  }

  function clear(): void {
    if (delegators.length > 0) delegators.length = 0
  }

  return { delegators, read, clear }
}

function repeated({ type, id }: Actor, listed: unknown): SallyportError {
  const advice =
    listed === undefined ? 'name each once' : 'name each once, and leave the subject itself out of the list'
  return new SallyportError('E_REQUEST', `the actor chain has ${type} ${JSON.stringify(id)} twice in a row; ${advice}`)
}
