/** Attribute paths: what `resource.status`, `context["x.y"]`, `chain.root.type` and `now` are read from. */
import { PathError, splitPath } from '../text/path.ts'
import { actorPart, resolveChain } from './chain-path.ts'
import { rootSynonyms } from './keys.ts'
import type { AttributePath } from './model.ts'
import type { Position, SourceInfo } from './node.ts'
import { attempt, Refusal } from './refusal.ts'
import type { Report } from './report.ts'
import { type Advice, nearest, suggest } from './suggest.ts'

export const roots = ['subject', 'resource', 'action', 'context', 'chain', 'state', 'now'] as const
const maxKeys = 32

/** The parts that are strings of the request itself, not properties. */
const fixedParts: Readonly<Record<'subject' | 'resource' | 'action', readonly string[]>> = {
  subject: ['type', 'id'],
  resource: ['type', 'id'],
  action: ['name'],
}

/** What `item` stands for: nothing outside of lists, the items of a list, or the actors of a chain. */
export type Items = boolean | 'actors'

/**
 * Parses and resolves a path.
 *
 * @param items Whether the root `item` means something: inside any_matches, all_match and none_match.
 * @param inTuple Whether the root `tuple` does: in conditions on tuples.
 * @param others Paths that stand elsewhere, from which a suggestion may come.
 * @throws Refusal
 * @example parsePath('subject.properties.zone', false) // { root: 'subject', keys: ['zone'], fixed: false, … }
 */
export function parsePath(
  text: string,
  items: Items,
  inTuple = false,
  others: Iterable<AttributePath> = [],
): AttributePath {
  const [root, ...keys] = split(text)
  const known: readonly string[] = [...roots, ...(items === false ? [] : ['item']), ...(inTuple ? ['tuple'] : [])]
  if (root === 'item' && items === false) {
    throw new Refusal('"item" means something only inside any_matches, all_match and none_match')
  }
  if (root === 'tuple' && !inTuple) throw new Refusal('"tuple" means something only in "conditions"')
  if (typeof root !== 'string' || !known.includes(root)) {
    const advice =
      keys.length === 0 && typeof root === 'string'
        ? partAdvice(root, items, others, known)
        : rootAdvice(String(root), text, known)
    throw new Refusal(`unknown path ${JSON.stringify(text)}: nothing is called ${JSON.stringify(root)}`, advice)
  }
  if (keys.length > maxKeys) throw new Refusal(`the path has more than ${maxKeys} parts`, 'use a shorter one')
  if (root === 'item' && items === 'actors') return { root, ...actorPart('item', keys), fixed: false, text }
  if (root === 'chain') return whole(resolveChain(keys, text))
  return resolve(root as Exclude<AttributePath['root'], 'chain'>, keys, text)
}

/** What paths may start with where one is read. */
export interface PathScope {
  readonly inItems: Items
  readonly inTuple?: boolean | undefined
  /** That of the text, where it is at hand: then no position is made to ask for it. */
  readonly source?: SourceInfo
}

/** The path that a text here means; refusals go to the report. Equal texts give one and the same path. */
export function readPath(
  text: string,
  here: { readonly at: Position },
  { inItems, inTuple, source = here.at.source }: PathScope,
  report: Report,
): AttributePath | undefined {
  const isCommon = inItems === false && inTuple !== true
  const known = isCommon ? source.paths.get(text) : undefined
  if (known !== undefined) return known
  const path = readNew(text, here.at, { inItems, inTuple, source }, report)
  if (path !== undefined && isCommon) source.paths.set(text, path)
  return path
}

/** By itself, as functions with closures make room for what these capture whenever they are called. */
function readNew(
  text: string,
  at: Position,
  { inItems, inTuple, source }: PathScope,
  report: Report,
): AttributePath | undefined {
  return attempt(report, 'E_PATH', at, '', () => parsePath(text, inItems, inTuple, source?.paths.values()))
}

function split(text: string): (string | number)[] {
  // Most paths are plain; a process pays for the regular expressions over Unicode when it first meets another one.
  if (/^[\w-]+(?:\.[\w-]+)*$/.test(text)) return text.split('.')
  try {
    return splitPath(text)
  } catch (error) {
    if (error instanceof PathError) throw new Refusal(error.message, error.advice)
    throw error
  }
}

/**
 * The path of a root and keys that are already apart.
 *
 * @throws Refusal
 */
export function resolvePath(root: string, keys: readonly (string | number)[], text: string): AttributePath {
  if (keys.length > maxKeys) throw new Refusal(`the path has more than ${maxKeys} parts`, 'use a shorter one')
  if (root === 'chain') return whole(resolveChain([...keys], text))
  return resolve(root as Exclude<AttributePath['root'], 'chain'>, [...keys], text)
}

/** What a name alone was probably meant for: a part of what others read, or else of anything. */
function partAdvice(name: string, items: Items, others: Iterable<AttributePath>, known: readonly string[]): Advice {
  const root = nearest(name, known, rootSynonyms)
  if (root === 'now' || (root !== undefined && rootSynonyms.has(name.toLowerCase()))) return suggest(name, root)
  for (const { keys, text } of others) if (keys.at(-1) === name) return suggest(name, text)
  if (items !== false) return suggest(name, `item.${name}`)
  return partOfWhat(name, known.includes('tuple'))
}

/** What to write for a name alone that nothing else speaks of. */
export function partOfWhat(name: string, inTuple = false): string {
  return `write what it is a part of: ${inTuple ? `tuple.${name}, ` : ''}resource.${name}, subject.${name} or context.${name}`
}

/** What other engines put around the subject, the resource and the rest. */
const wrappers: ReadonlySet<string> = new Set(['request', 'req', 'input'])

function rootAdvice(root: string, text: string, known: readonly string[]): Advice {
  const [, inner, word = '', rest] = /^[^.]+\.(([\w-]+)(.*))$/.exec(text) ?? []
  if (inner !== undefined && wrappers.has(root.toLowerCase())) {
    // With nothing below it, a synonym such as `request.time` may as well be a name of the context.
    const synonym = rest === '' ? undefined : rootSynonyms.get(word.toLowerCase())
    if (known.includes(word)) return suggest(text, inner)
    if (synonym !== undefined && synonym !== 'now') return suggest(text, synonym + rest)
  }
  const guess = nearest(root, known, rootSynonyms)
  if (guess === undefined) return `paths start with one of ${known.join(', ')}`
  return suggest(text, guess === 'now' ? guess : guess + text.slice(root.length))
}

function resolve(
  root: Exclude<AttributePath['root'], 'chain'>,
  keys: (string | number)[],
  text: string,
): AttributePath {
  const [first, second] = keys
  if (root === 'now') {
    if (first !== undefined) throw new Refusal('"now" is a number and has no parts', 'write "now"')
    return { root, keys, fixed: false, text }
  }
  if (root === 'item') return { root, keys, fixed: false, text }
  if (first === undefined) throw new Refusal(`"${root}" is a map`, `name one of its keys: ${root}.${example(root)}`)
  if (typeof first === 'number')
    throw new Refusal(`"${root}" is a map, not a list`, `write ${root}["${first}"] for the key`)
  if (root === 'context' || root === 'state' || root === 'tuple') return { root, keys, fixed: false, text }
  if (first === 'properties') {
    if (second === undefined)
      throw new Refusal(`"${text}" is a map`, `name one of its keys: ${text}.${example('context')}`)
    if (typeof second === 'number') {
      throw new Refusal(
        `"${root}.properties" is a map, not a list`,
        `write ${root}.properties["${second}"] for the key`,
      )
    }
    return whole({ root, keys: keys.slice(1), fixed: false, text })
  }
  const fixed = fixedParts[root].includes(first)
  if (fixed && second !== undefined) {
    const advice = `for a property of that name write ${root}.properties.${first}`
    throw new Refusal(`"${root}.${first}" is a string and has no parts`, advice)
  }
  return whole({ root, keys, fixed, text })
}

/** The subject's roles have no order, and which are there may depend on the resource: there is no first one. */
function whole(path: AttributePath): AttributePath {
  const keys = path.root === 'chain' && path.keys[0] === 'root' ? path.keys.slice(2) : path.keys
  if ((path.root !== 'subject' && path.root !== 'chain') || keys[0] !== 'roles' || keys.length === 1) return path
  const advice = `write ${path.root === 'subject' ? 'subject' : 'chain.root'}.roles with contains, contains_any or any_matches`
  throw new Refusal('the roles are a list of names, which is read as a whole', advice)
}

function example(root: string): string {
  if (root === 'state') return 'session'
  return root === 'action' ? 'name' : root === 'context' ? 'amount' : 'id'
}
