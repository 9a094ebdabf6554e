/** Attribute paths: `resource.status`, `context["x.y"]`, `context.items[0].price`, `now`. */
import { rootSynonyms } from './keys.ts'
import type { AttributePath } from './model.ts'
import { Refusal } from './refusal.ts'
import { nearest } from './suggest.ts'

const roots = ['subject', 'resource', 'action', 'context', 'now'] as const
const maxKeys = 32
/** An index beyond the longest list that a request may carry never finds anything. */
const maxIndex = 65_535
const wordPattern = /[\p{L}\p{M}\p{N}_-]+/uy
const indexPattern = /\[(0|[1-9][0-9]*)\]/y
const keyPattern = /\[("(?:[^"\\]|\\.)*")\]/suy

/** The parts that are strings of the request itself, not properties. */
const fixedParts: Readonly<Record<'subject' | 'resource' | 'action', readonly string[]>> = {
  subject: ['type', 'id'],
  resource: ['type', 'id'],
  action: ['name'],
}

/**
 * Parses and resolves a path.
 *
 * @param inItems Whether the root `item` means something: inside any_matches, all_match and none_match.
 * @throws Refusal
 * @example parsePath('subject.properties.zone', false) // { root: 'subject', keys: ['zone'], fixed: false, … }
 */
export function parsePath(text: string, inItems: boolean): AttributePath {
  const [root, ...keys] = split(text)
  const known: readonly string[] = inItems ? [...roots, 'item'] : roots
  if (root === 'item' && !inItems) {
    throw new Refusal('"item" means something only inside any_matches, all_match and none_match')
  }
  if (typeof root !== 'string' || !known.includes(root)) {
    const advice = rootAdvice(String(root), text, known)
    throw new Refusal(`unknown path ${JSON.stringify(text)}: nothing is called ${JSON.stringify(root)}`, advice)
  }
  if (keys.length > maxKeys) throw new Refusal(`the path has more than ${maxKeys} parts`, 'use a shorter one')
  return resolve(root as AttributePath['root'], keys, text)
}

function rootAdvice(root: string, text: string, known: readonly string[]): string {
  const guess = nearest(root, known, rootSynonyms)
  if (guess === undefined) return `paths start with one of ${known.join(', ')}`
  return `did you mean ${JSON.stringify(guess === 'now' ? guess : guess + text.slice(root.length))}?`
}

function resolve(root: AttributePath['root'], keys: (string | number)[], text: string): AttributePath {
  const [first, second] = keys
  if (root === 'now') {
    if (first !== undefined) throw new Refusal('"now" is a number and has no parts', 'write "now"')
    return { root, keys, fixed: false, text }
  }
  if (root === 'item') return { root, keys, fixed: false, text }
  if (first === undefined) throw new Refusal(`"${root}" is a map`, `name one of its keys: ${root}.${example(root)}`)
  if (typeof first === 'number')
    throw new Refusal(`"${root}" is a map, not a list`, `write ${root}["${first}"] for the key`)
  if (root === 'context') return { root, keys, fixed: false, text }
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

/** Roles have no order, and which of them are there may depend on the resource: there is no first one. */
function whole(path: AttributePath): AttributePath {
  if (path.root !== 'subject' || path.keys[0] !== 'roles' || path.keys.length === 1) return path
  const advice = 'write subject.roles with contains, contains_any or any_matches'
  throw new Refusal('"subject.roles" is a list of names, which is read as a whole', advice)
}

function example(root: string): string {
  return root === 'action' ? 'name' : root === 'context' ? 'amount' : 'id'
}

function split(text: string): (string | number)[] {
  const keys: (string | number)[] = []
  let at = 0
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return undefined
    at += match[0].length
    return match[1] ?? match[0]
  }
  while (at < text.length || keys.length === 0) {
    if (keys.length > 0 && text[at] === '[') {
      keys.push(bracket(text, take))
      continue
    }
    if (keys.length > 0) {
      if (text[at] !== '.') throw malformed(text, at)
      at++
    }
    const word = take(wordPattern)
    if (word === undefined) throw malformed(text, at)
    keys.push(word)
  }
  return keys
}

function bracket(text: string, take: (pattern: RegExp) => string | undefined): string | number {
  const index = take(indexPattern)
  if (index !== undefined) {
    if (Number(index) > maxIndex) throw new Refusal(`the index ${index} is above ${maxIndex}`, 'use a smaller one')
    return Number(index)
  }
  const key = take(keyPattern)
  if (key !== undefined) {
    try {
      const parsed: unknown = JSON.parse(key)
      if (typeof parsed === 'string') return parsed
    } catch {
      // Falls through: a bad escape.
    }
  }
  throw new Refusal(`the path ${JSON.stringify(text)} has a bad part in brackets`, 'write ["key"] or [0]')
}

function malformed(text: string, at: number): Refusal {
  if (text === '') return new Refusal('the path is empty', 'write, for example, resource.status')
  const where = at >= text.length ? 'ends too early' : `has an unexpected ${JSON.stringify([...text.slice(at)][0])}`
  return new Refusal(`the path ${JSON.stringify(text)} ${where}`, 'write root.key.key, and other keys as ["key"]')
}
