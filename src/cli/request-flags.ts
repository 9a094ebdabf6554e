/** A request from flags: `--subject user:alice --action read --resource record:record-1`. */
import type { AccessRequest } from '../engine/types.ts'
import { isMap } from '../text/is-map.ts'
import { usage } from './arguments.ts'

export interface RequestFlags {
  readonly subject: string | undefined
  readonly action: string | undefined
  readonly resource: string | undefined
  readonly property: readonly string[]
  readonly context: readonly string[]
  readonly 'on-behalf-of': readonly string[]
}

export const requestOptions = {
  subject: { type: 'string', short: 's', hint: 'TYPE:ID', description: 'Who asks.' },
  action: { type: 'string', short: 'a', hint: 'NAME', description: 'What for.' },
  resource: { type: 'string', short: 'r', hint: 'TYPE:ID', description: 'On what.' },
  property: {
    type: 'string',
    multiple: true,
    hint: 'PATH=VALUE',
    description: 'A property, such as subject.role=admin. VALUE is JSON, or else a string.',
  },
  context: { type: 'string', multiple: true, hint: 'KEY=VALUE', description: 'An attribute of the context.' },
  'on-behalf-of': {
    type: 'string',
    multiple: true,
    hint: 'TYPE:ID',
    description: 'Who the subject acts for; again for whom that one acts for.',
  },
} as const

type Tree = { readonly [key: string]: unknown }

/** Whether any part of a request was given by flags. */
export function hasRequestFlags({ subject, action, resource, ...lists }: RequestFlags): boolean {
  const several = [lists.property, lists.context, lists['on-behalf-of']]
  return [subject, action, resource].some((part) => part !== undefined) || several.some(({ length }) => length > 0)
}

/**
 * The request that the flags describe. Dots in a property's path and in a context's key lead into maps, as they do in
 * policies: `subject.profile.level=3` is `{ profile: { level: 3 } }`.
 *
 * @throws SallyportError `E_USAGE`
 */
export function requestFromFlags(flags: RequestFlags): AccessRequest {
  const { subject, action, resource } = flags
  if (subject === undefined || action === undefined || resource === undefined) {
    const missing = Object.entries({ subject, action, resource }).flatMap(([k, v]) => (v === undefined ? `--${k}` : []))
    throw usage(`the request has no ${missing.join(' and no ')}`)
  }
  const properties: Record<'subject' | 'action' | 'resource', Tree> = { subject: {}, action: {}, resource: {} }
  for (const text of flags.property) {
    const { keys, value } = split('--property', text, 'subject.role=admin')
    const [root, ...rest] = keys
    if (root !== 'subject' && root !== 'action' && root !== 'resource') {
      throw usage(`--property ${text}: start with subject., action. or resource.; for the context use --context`)
    }
    const path = rest[0] === 'properties' ? rest.slice(1) : rest
    if (path.length === 0) throw usage(`--property ${text} names no property; write ${root}.NAME=VALUE`)
    if (rest.length === 1 && isPart(root, path[0])) throw usage(`${root}.${path[0]} is a part of --${root}`)
    properties[root] = grow(properties[root], path, value, `--property ${text}`)
  }
  const delegators = flags['on-behalf-of'].map((text) => typeAndId('--on-behalf-of', text, 'user:alice'))
  return {
    subject: {
      ...typeAndId('--subject', subject, 'user:alice'),
      properties: properties.subject,
      // The flags say the nearest first, the list the root.
      ...(delegators.length > 0 && { delegation_chain: delegators.reverse() }),
    },
    action: { name: action, properties: properties.action },
    resource: { ...typeAndId('--resource', resource, 'record:record-1'), properties: properties.resource },
    context: treeOf('--context', flags.context, 'amount=100'),
  }
}

/** The map that flags of the form KEY=VALUE describe. */
export function treeOf(flag: string, texts: readonly string[], example: string): Tree {
  return texts.reduce<Tree>((tree, text) => {
    const { keys, value } = split(flag, text, example)
    return grow(tree, keys, value, `${flag} ${text}`)
  }, {})
}

/** The id may hold colons, the type may not. */
function typeAndId(flag: string, text: string, example: string): { type: string; id: string } {
  const colon = text.indexOf(':')
  if (colon < 1) throw usage(`${flag} ${text}: write TYPE:ID, such as ${example}`)
  return { type: text.slice(0, colon), id: text.slice(colon + 1) }
}

function split(flag: string, text: string, example: string): { keys: string[]; value: unknown } {
  const sign = text.indexOf('=')
  const keys = text.slice(0, sign === -1 ? 0 : sign).split('.')
  if (keys.includes('')) throw usage(`${flag} ${text}: write ${example}`)
  return { keys, value: parseValue(text.slice(sign + 1)) }
}

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** subject.type and the like are no properties: in policies these paths mean the parts themselves. */
function isPart(root: 'subject' | 'action' | 'resource', key: string | undefined): boolean {
  return root === 'action' ? key === 'name' : key === 'type' || key === 'id'
}

/** A copy of the tree with one more leaf. Computed keys in a literal make own properties, `__proto__` included. */
function grow(tree: Tree, [key, ...rest]: readonly string[], value: unknown, where: string): Tree {
  if (key === undefined) return tree
  const old = Object.hasOwn(tree, key) ? tree[key] : undefined
  if (rest.length === 0) {
    if (old !== undefined) throw usage(`${where}: this was given before`)
    return { ...tree, [key]: value }
  }
  if (old !== undefined && !isMap(old)) throw usage(`${where}: ${key} was given another value before`)
  return { ...tree, [key]: grow(old ?? {}, rest, value, where) }
}
