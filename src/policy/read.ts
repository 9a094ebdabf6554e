/** Readers of nodes: each returns what it was asked for, or tells the report why not and returns undefined. */
import type { AttributeValue } from './document.ts'
import type { Entries, ListNode, MapNode, Node } from './node.ts'
import type { Report } from './report.ts'
import { didYouMean, nearest, suggest } from './suggest.ts'

/** Longer lists in a policy could never equal one that a request may carry. */
const maxListItems = 65_536
/** Lists within lists: the same bound that requests have. */
const maxListDepth = 8

/** A map, whose keys may be anything. */
export function readMap(node: Node, report: Report, what: string, advice?: string): MapNode | undefined {
  if (node.kind === 'map') {
    reportProblems(node, report)
    return node
  }
  return wrongType(node, report, what, 'a map', advice)
}

/** Tells of the keys that could not be taken. */
export function reportProblems({ problems }: MapNode, report: Report): void {
  if (problems.length > 0) for (const problem of problems) report.problem(problem)
}

export interface RecordOptions {
  readonly synonyms?: ReadonlyMap<string, string>
  /** Key → a sentence, for what has no single key in its place. */
  readonly instead?: ReadonlyMap<string, string>
  readonly advice?: string
}

const noOptions: RecordOptions = {}

/** A map with known keys; every other key is reported, and left to the caller to ignore. */
export function readRecord(
  node: Node,
  report: Report,
  what: string,
  keys: readonly string[],
  options: RecordOptions = noOptions,
): MapNode | undefined {
  const map = readMap(node, report, what, gluedAdvice(node, keys) ?? options.advice)
  if (map === undefined) return undefined
  const { names } = map.entries
  for (let i = 0; i < names.length; i++) {
    const key = names[i] as string
    if (!keys.includes(key))
      unknownKey(key, map, { what, keys, synonyms: options.synonyms, instead: options.instead }, report)
  }
  return map
}

/** `- allow:read` in YAML is one text. */
function gluedAdvice(node: Node, keys: readonly string[]): string | undefined {
  const text = node.kind === 'scalar' && typeof node.scalar === 'string' ? node.scalar : ''
  return keys.some((key) => text.startsWith(`${key}:`)) ? 'write a space after ":"' : undefined
}

/** Whether one of the names is among the keys. */
export function hasAny(names: readonly string[], keys: ReadonlySet<string>): boolean {
  for (let i = 0; i < names.length; i++) if (keys.has(names[i] as string)) return true
  return false
}

interface KnownKeys {
  readonly what: string
  readonly keys: readonly string[]
  readonly synonyms: ReadonlyMap<string, string> | undefined
  readonly instead: ReadonlyMap<string, string> | undefined
}

function unknownKey(key: string, map: MapNode, { what, keys, synonyms, instead }: KnownKeys, report: Report): void {
  // A synonym of a key that is there already would be bad advice.
  const free = keys.filter((known) => !map.entries.has(known))
  const guess = nearest(key, free, synonyms)
  const found = guess !== undefined && free.includes(guess) ? suggest(key, guess) : `use one of ${keys.join(', ')}`
  // `{ id:r }` in YAML is a key without a value.
  const advice = free.some((known) => key.startsWith(`${known}:`))
    ? 'write a space after ":"'
    : (instead?.get(key.toLowerCase()) ?? found)
  // The report itself adds which rule it is.
  const where = what === 'a rule' && report.rule !== undefined ? '' : ` in ${what}`
  const at = map.entries.get(key)?.at ?? map.at
  report.error('E_KEY', at, `unknown key ${quote(key)}${where}`, advice)
}

export function readList(node: Node, report: Report, what: string, advice?: string): ListNode | undefined {
  if (node.kind === 'list') return node
  return wrongType(node, report, what, 'a list', advice)
}

/** A string that is not empty. */
export function readString(node: Node, report: Report, what: string): string | undefined {
  const text = readText(node, report, what)
  if (text !== '') return text
  report.error('E_MISSING', node.at, `${what} is empty`, 'write a text')
  return undefined
}

/** A string, maybe empty. */
export function readText(node: Node, report: Report, what: string): string | undefined {
  if (node.kind === 'scalar' && typeof node.scalar === 'string') return node.scalar
  return wrongType(node, report, what, 'a string', asString(node))
}

function asString(node: Node): string | undefined {
  const writable = node.kind === 'scalar' && node.scalar !== null
  return writable ? `write ${quote(String(node.scalar))} in quotes` : undefined
}

/** A list of strings, none of them empty. Items that are not are reported and left out. */
export function readStrings(node: Node, report: Report, what: string): string[] | undefined {
  const single = node.kind === 'scalar' && typeof node.scalar === 'string' ? `write [${node.scalar}]` : undefined
  const list = readList(node, report, what, single)
  if (list === undefined) return undefined
  const strings = list.items.map((item) => readString(item, report, `an item of ${what}`))
  return strings.filter((item) => item !== undefined)
}

export function readBoolean(node: Node, report: Report, what: string): boolean | undefined {
  if (node.kind === 'scalar' && typeof node.scalar === 'boolean') return node.scalar
  return wrongType(node, report, what, 'true or false')
}

/** One of a few words. */
export function readChoice<const T extends string>(
  node: Node,
  report: Report,
  what: string,
  choices: readonly T[],
  synonyms?: ReadonlyMap<string, string>,
): T | undefined {
  const word = readString(node, report, what)
  if (word === undefined) return undefined
  const choice = choices.find((known) => known === word)
  if (choice === undefined)
    report.error('E_ALGORITHM', node.at, `unknown ${what} ${quote(word)}`, didYouMean(word, choices, synonyms))
  return choice
}

/** Any value that a policy may hold. Maps become objects without a prototype. */
export function readValue(node: Node, report: Report, listDepth = 0): AttributeValue | undefined {
  if (node.kind === 'scalar') return node.scalar
  if (node.kind === 'map') {
    readMap(node, report, 'a value')
    return readProperties(node.entries, report, listDepth)
  }
  if (node.kind === 'broken') {
    report.problem(node)
    return undefined
  }
  if (listDepth >= maxListDepth) {
    report.error('E_LIMIT', node.at, `lists are nested deeper than ${maxListDepth}`, 'use a flatter value')
    return undefined
  }
  if (node.items.length > maxListItems) {
    report.error('E_LIMIT', node.at, `a list has more than ${maxListItems} items`, 'shorten it')
    return undefined
  }
  const items = node.items.map((item) => readValue(item, report, listDepth + 1))
  return items.filter((item) => item !== undefined)
}

/** The values of a map's entries, as an object without a prototype: `__proto__` is a key like any other in it. */
export function readProperties(
  entries: Entries,
  report: Report,
  listDepth = 0,
): Readonly<Record<string, AttributeValue>> {
  const object: Record<string, AttributeValue> = Object.create(null)
  for (const [key, entry] of entries) {
    const value = readValue(entry.value, report, listDepth)
    if (value !== undefined) object[key] = value
  }
  return object
}

/** Reports a node of the wrong type, or what is broken about it. Always undefined, so that readers can return it. */
export function wrongType(node: Node, report: Report, what: string, expected: string, advice?: string): undefined {
  if (node.kind === 'broken') report.problem(node)
  else {
    const found = describe(node)
    const types = { found: [found], expected: [expected] }
    report.error('E_TYPE', node.at, `${what} must be ${expected}, not ${found}`, advice, types)
  }
}

/** What a node is, for messages: `a list`, `the number 5`. */
export function describe(node: Node): string {
  if (node.kind === 'list') return 'a list'
  if (node.kind === 'map') return 'a map'
  if (node.kind === 'broken') return 'this'
  if (node.scalar === null) return 'null (no value)'
  if (typeof node.scalar === 'string') return `the string ${quote(node.scalar)}`
  return typeof node.scalar === 'number' ? `the number ${node.scalar}` : String(node.scalar)
}

/** A text in double quotes, shortened when it is long. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text)
}
