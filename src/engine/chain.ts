/**
 * The actor chain of a request: who acts on whose behalf. Two forms say the same: nested `on_behalf_of`, and the list
 * `delegation_chain`, whose first item is the root, as proposed for AuthZEN (openid/authzen issue 416). The list holds the
 * delegators; the subject, who acts for the last of them, is not among them.
 *
 * What was checked of a delegator is kept, and nothing else is read afterwards: whatever the host's objects are, they are
 * asked once. It is kept in lists that are overwritten by the next request, with a count beside them, so that a chain costs
 * no allocation.
 */

import { SallyportError } from '../errors.ts'
import type { ChainModel } from '../policy/model.ts'
import { isMap } from '../text/is-map.ts'
import { error } from './request.ts'
import type { Actor, Properties, Subject } from './types.ts'

/** In place of an index: the actor stands in on_behalf_of. */
const NESTED = -1

/** What holds where the policies say nothing. */
const DEFAULT: ChainModel = { maxDepth: 5, repeats: false }

/** The delegators of the current request; number 0 is the nearest, `known.count - 1` the root. */
export interface Chain {
  /**
   * How many there are, and whether plain ones may be read without asking for own properties; see own-property.ts. A field and no
   * function: it is asked for with each value.
   */
  readonly known: { readonly count: number; readonly clean: boolean }
  /** Their types, as many as `known.count` says; what comes after is of earlier requests. Likewise the next two. */
  readonly types: readonly string[]
  readonly ids: readonly string[]
  readonly properties: readonly (Properties | undefined)[]
  /** They as objects, made anew: for what is rarely asked. */
  delegators(): Actor[]
  /**
   * Reads the chain of a subject that has one.
   *
   * @param clean Whether Object.prototype is clean.
   * @throws SallyportError `E_REQUEST` when it is not of the form, `E_CHAIN_DEPTH` when it has too many delegators.
   */
  read(subject: Subject, clean: boolean): void
  /** Forgets it. */
  clear(): void
}

export function createChain({ maxDepth, repeats } = DEFAULT): Chain {
  const types: string[] = []
  const ids: string[] = []
  const properties: (Properties | undefined)[] = []
  // Fields of an object, not variables: see frame-writer.ts.
  const known = { count: 0, clean: false }

  function read(subject: Subject, clean: boolean): void {
    known.count = 0
    known.clean = clean
    const { on_behalf_of: nested, delegation_chain: listed } = subject
    if (nested !== undefined && listed !== undefined) {
      throw new SallyportError('E_REQUEST', 'subject has both on_behalf_of and delegation_chain; send one of them')
    }
    if (nested !== undefined) readNested(nested)
    else readListed(listed)
    if (!repeats) refuseRepetition(subject)
  }

  function readNested(first: unknown): void {
    let next = first
    while (next !== undefined) {
      const actor = add(next, NESTED)
      if (actor.delegation_chain !== undefined) {
        const where = placeOf(NESTED, known.count - 1)
        throw new SallyportError('E_REQUEST', `${where} has a delegation_chain; only the subject may have one`)
      }
      next = actor.on_behalf_of
    }
  }

  function readListed(list: unknown): void {
    if (!Array.isArray(list)) throw error('subject.delegation_chain', 'a list', list)
    if (list.length > maxDepth) throw tooDeep()
    // By index: a hole is no actor.
    for (let i = list.length - 1; i >= 0; i--) {
      const actor = add(list[i], i)
      if (actor.on_behalf_of !== undefined || actor.delegation_chain !== undefined) {
        const where = placeOf(i, known.count)
        throw new SallyportError('E_REQUEST', `${where} has a chain of its own; only the subject may have one`)
      }
    }
  }

  /** Checks an actor and takes it in. `index`: its place in the list, or NESTED. */
  function add(actor: unknown, index: number): Readonly<Record<string, unknown>> {
    if (known.count >= maxDepth) throw tooDeep()
    if (!isMap(actor)) throw error(placeOf(index, known.count), 'an object with type and id', actor)
    const { type, id, properties: own } = actor
    if (typeof type !== 'string') throw error(`${placeOf(index, known.count)}.type`, 'a string', type)
    if (typeof id !== 'string') throw error(`${placeOf(index, known.count)}.id`, 'a string', id)
    if (own !== undefined && !isMap(own)) throw error(`${placeOf(index, known.count)}.properties`, 'an object', own)
    types[known.count] = type
    ids[known.count] = id
    properties[known.count++] = own
    return actor
  }

  function refuseRepetition(subject: Subject): void {
    let { type, id } = subject
    for (let i = 0; i < known.count; i++) {
      // Ids differ more often.
      if (ids[i] === id && types[i] === type) throw repeated(type, id)
      type = types[i]!
      id = ids[i]!
    }
  }

  function tooDeep(): SallyportError {
    return new SallyportError(
      'E_CHAIN_DEPTH',
      `the actor chain has more delegators than the policies permit: at most ${maxDepth}`,
    )
  }

  function delegators(): Actor[] {
    return Array.from({ length: known.count }, (_, i) => {
      const own = properties[i]
      return { type: types[i]!, id: ids[i]!, ...(own !== undefined && { properties: own }) }
    })
  }

  function clear(): void {
    known.count = 0
  }

  return { known, types, ids, properties, delegators, read, clear }
}

/** Where in the request an actor stands: so many are nearer. */
function placeOf(index: number, nearer: number): string {
  return index === NESTED
    ? `subject.on_behalf_of${'.on_behalf_of'.repeat(nearer)}`
    : `subject.delegation_chain[${index}]`
}

function repeated(type: string, id: string): SallyportError {
  const advice = 'name each once, and leave the subject itself out of delegation_chain'
  return new SallyportError('E_REQUEST', `the actor chain has ${type} ${JSON.stringify(id)} twice in a row; ${advice}`)
}
