/**
 * Marks of the host: which attributes of a request are not to be trusted. A mark covers all below it. On an actor it also
 * covers, under the same name, every actor that acts for that one, down to the subject: what a delegator says of itself is
 * no better when it comes through others.
 */
import type { SlotSpec } from '../compiler/slots.ts'
import { SallyportError } from '../errors.ts'
import { PathError, splitPath } from '../text/path.ts'

type Keys = readonly (string | number)[]

export interface Mark {
  readonly area: 'actor' | 'resource' | 'action' | 'context' | 'state' | 'depth'
  /** Of actors: 0 is the subject, 1 its delegator, and so on; the root's number is the request's depth. */
  readonly actor: number
  /** With fewer delegators the mark is about nobody. */
  readonly least: number
  /** Below the actor, resource or action as the request has them: `properties` stands where it does there. */
  readonly keys: Keys
}

/** The root, whatever number it has. */
const ROOT = Number.POSITIVE_INFINITY
const MOST_KNOWN = 1000
const known = new Map<string, readonly Mark[]>()

/**
 * The marks that paths name.
 *
 * @throws SallyportError `E_USAGE` when one is no path of a request.
 * @example readMarks(['subject.clearance', 'context'])
 */
export function readMarks(paths: readonly string[] | undefined): readonly Mark[] | undefined {
  if (paths === undefined) return undefined
  if (!Array.isArray(paths)) throw new SallyportError('E_USAGE', 'untrusted must be a list of paths')
  return paths.length === 0 ? undefined : paths.flatMap(readMark)
}

function readMark(path: string): readonly Mark[] {
  const marks = known.get(path)
  if (marks !== undefined) return marks
  const read = parseMark(path)
  // A host that makes paths up from requests must not fill memory with them.
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(path, read)
  return read
}

function parseMark(path: string): readonly Mark[] {
  const [root, ...keys] = split(path)
  switch (root) {
    case 'subject':
      return [{ area: 'actor', actor: 0, least: 0, keys: below(keys, ['type', 'id']) }]
    case 'resource':
      return [{ area: root, actor: 0, least: 0, keys: below(keys, ['type', 'id']) }]
    case 'action':
      return [{ area: root, actor: 0, least: 0, keys: below(keys, ['name']) }]
    case 'context':
    case 'state':
      return [{ area: root, actor: 0, least: 0, keys }]
    case 'chain':
      return chainMarks(path, keys)
    default: {
      const advice = 'start with subject, resource, action, context, state or chain'
      throw new SallyportError(
        'E_USAGE',
        `untrusted: nothing of a request is called ${JSON.stringify(path)}; ${advice}`,
      )
    }
  }
}

function chainMarks(path: string, [part, ...keys]: Keys): readonly Mark[] {
  const actor = (number: number, rest: Keys, least = 0): Mark => ({
    area: 'actor',
    actor: number,
    least,
    keys: below(rest, ['type', 'id']),
  })
  const depth: Mark = { area: 'depth', actor: 0, least: 0, keys: [] }
  if (part === undefined) return [depth, actor(ROOT, [])]
  if (part === 'depth' && keys.length === 0) return [depth]
  if (part === 'root') return [actor(ROOT, keys)]
  if (part === 'immediate') return [actor(0, keys)]
  if (part === 'ancestors') {
    const [index, ...rest] = keys
    if (index === undefined) return [depth, actor(ROOT, [], 1)]
    if (typeof index === 'number') return [actor(index + 1, rest, index + 1)]
  }
  throw new SallyportError('E_USAGE', `untrusted: a chain has nothing called ${JSON.stringify(path)}`)
}

function split(path: unknown): Keys {
  if (typeof path !== 'string') throw new SallyportError('E_USAGE', 'untrusted must be a list of paths')
  try {
    return splitPath(path)
  } catch (error) {
    if (!(error instanceof PathError)) throw error
    throw new SallyportError('E_USAGE', `untrusted: ${error.message}; ${error.advice}`)
  }
}

/** `zone` is `properties.zone`. */
function below(keys: Keys, parts: readonly string[]): Keys {
  const [first] = keys
  if (first === undefined || first === 'properties' || parts.includes(String(first))) return keys
  return ['properties', ...keys]
}

/** The marks of one request, whose chain has so many delegators. */
export interface RequestMarks {
  readonly marks: readonly Mark[]
  readonly depth: number
}

/** Whether what a slot reads, or something in it or around it, is marked. */
export function isSlotMarked(spec: SlotSpec, { marks, depth }: RequestMarks): boolean {
  const { root, keys } = spec
  if (root !== 'chain') {
    if (root === 'now' || root === 'tuple') return false
    const area = root === 'subject' ? 'actor' : root
    const plain = root === 'context' || root === 'state' || spec.part === true
    return isMarked(marks, depth, area, 0, plain ? keys : ['properties', ...keys])
  }
  const [part, second, ...rest] = keys
  if (part === 'depth') return marks.some((mark) => mark.area === 'depth')
  if (part === 'root') return isMarked(marks, depth, 'actor', depth, keys.slice(1))
  const isDepthMarked = marks.some(({ area }) => area === 'depth')
  if (typeof second === 'number') {
    // Of an actor that is not there, it is the number of actors that says so.
    return second < depth ? isMarked(marks, depth, 'actor', second + 1, rest) : isDepthMarked
  }
  // The list of all delegators: how many there are, or something in it.
  return isDepthMarked || (depth > 0 && isMarked(marks, depth, 'actor', 1, []))
}

/** Whether what is read of an item of the list in a slot is marked. */
export function isItemMarked(spec: SlotSpec, index: number, keys: Keys, { marks, depth }: RequestMarks): boolean {
  const { root } = spec
  if (root === 'chain' && spec.keys.length === 1)
    return index < depth && isMarked(marks, depth, 'actor', index + 1, keys)
  return isSlotMarked({ ...spec, keys: [...spec.keys, index, ...keys] }, { marks, depth })
}

function isMarked(marks: readonly Mark[], depth: number, area: Mark['area'], actor: number, keys: Keys): boolean {
  return marks.some((mark) => {
    return mark.area === area && depth >= mark.least && mark.actor >= actor && touches(mark.keys, keys)
  })
}

/** Whether one of the paths leads to the other. */
function touches(a: Keys, b: Keys): boolean {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false
  return true
}
