/** open-guard's attribute paths, in our words. */
import { formatKeys } from '../../node.ts'

/**
 * What a path leads to, as far as it is known before there is a request. `null` is what open-guard reads where nothing is,
 * `actors` is the list of delegators.
 */
export type Kind = 'any' | 'null' | 'string' | 'number' | 'map' | 'actors'

export interface Attribute {
  /** Our path. */
  readonly path: string
  readonly kind: Kind
  /** Where open-guard looks for the mark that the attribute is not to be trusted: the mark's path, and its owner's. */
  readonly marks: readonly Mark[]
}

export interface Mark {
  readonly owner: string
  readonly path: string
}

/** Keys that our paths take for a part of the request itself; as attributes they are written `subject.properties.id`. */
const parts: Readonly<Record<string, readonly string[]>> = {
  subject: ['type', 'id', 'properties'],
  resource: ['type', 'id', 'properties'],
  action: ['name', 'properties'],
  item: ['type', 'id', 'properties'],
  'chain.root': ['type', 'id', 'properties'],
}

const fixed: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  subject: { id: 'subject.id', actor_type: 'subject.type' },
  'chain.root': { id: 'chain.root.id', actor_type: 'chain.root.type' },
  resource: { id: 'resource.id', resource_type: 'resource.type' },
  action: { name: 'action.name' },
}

const nothing: Attribute = { path: '', kind: 'null', marks: [] }

/** The attribute that a path of open-guard leads to. */
export function attributeOf(text: string): Attribute {
  const [root = '', ...keys] = text.split('.')
  switch (root) {
    case 'subject':
    case 'resource':
    case 'action':
    case 'context':
      return below(root, keys)
    case 'session':
      return below('state.session', keys[0] === 'activated_roles' ? ['roles', ...keys.slice(1)] : keys)
    case 'chain':
      return chain(keys)
    default:
      return nothing
  }
}

function chain([first, ...keys]: readonly string[]): Attribute {
  if (first === undefined) return { path: 'chain', kind: 'map', marks: [] }
  if (first === 'immediate_actor') return below('subject', keys)
  if (first === 'root_actor') return below('chain.root', keys)
  if (keys.length > 0) return nothing
  if (first === 'depth') return { path: 'chain.depth', kind: 'number', marks: [] }
  return first === 'ancestors' ? { path: 'chain.ancestors', kind: 'actors', marks: [] } : nothing
}

function below(root: string, keys: readonly string[]): Attribute {
  const [first, ...deeper] = keys
  if (first === undefined) return { path: root, kind: 'map', marks: [] }
  const marks = marksOf(root, keys)
  const part = fixed[root]?.[first]
  if (part === undefined) return { path: pathTo(root, keys), kind: 'any', marks }
  return deeper.length === 0 ? { path: part, kind: 'string', marks } : { ...nothing, marks }
}

/** A key of an item of a list; of the delegators, too. */
export function itemAttribute({ kind }: Attribute, text: string): Attribute {
  const actors = kind === 'actors'
  if (text === '') return { path: 'item', kind: actors ? 'map' : 'any', marks: [] }
  const keys = text.split('.')
  const part = actors && keys.length === 1 ? { id: 'item.id', actor_type: 'item.type' }[text] : undefined
  const path = part ?? (actors ? pathTo('item', keys) : `item${suffix(keys)}`)
  return { path, kind: part === undefined ? 'any' : 'string', marks: [] }
}

/** Our path to an attribute of that root. */
export function pathTo(root: string, keys: readonly string[]): string {
  const reserved = parts[root]?.includes(keys[0] ?? '') === true
  return `${root}${reserved ? '.properties' : ''}${suffix(keys)}`
}

function suffix(keys: readonly string[]): string {
  const text = formatKeys(keys)
  return text.startsWith('[') ? text : `.${text}`
}

/** `_trusted` beside the attribute; where there is no map around it, beside what should have been that map, and so on. */
function marksOf(root: string, keys: readonly string[]): Mark[] {
  const leaf = keys.at(-1) ?? ''
  return keys.map((_, up) => {
    const owner = keys.slice(0, keys.length - 1 - up)
    return { owner: owner.length === 0 ? root : pathTo(root, owner), path: pathTo(root, [...owner, '_trusted', leaf]) }
  })
}
