/** What of expressions can name somebody. Their value is not computed: what would have to be, is taken to name anybody. */
import { type PathRef, partsOf, type Tree } from '../cel/tree.ts'

/** The texts that stand in it. */
export function textsIn(tree: Tree): readonly string[] {
  return nodesOf(tree).flatMap((node) => (node.kind === 'string' ? [node.value] : []))
}

/** The id of the subject or of another actor, the list of these, or the id of an item, which may be one of them. */
export function isActorId({ root, keys, fixed }: PathRef): boolean {
  if (root === 'chain') return !keys.some((key) => key === 'depth' || key === 'type' || key === 'properties')
  return (root === 'subject' && fixed && keys[0] === 'id') || (root === 'item' && keys[0] === 'id')
}

/** An expression that reads an actor's id, and does more with it than compare it, or with a text that it puts together. */
export function mayNameAnybody(tree: Tree): boolean {
  const nodes = nodesOf(tree)
  const locals = nodes.some(givesAnId)
  if (!nodes.some((node) => isId(node, locals))) return false
  return nodes.some((node) => examines(node, locals) || putsTogether(node))
}

/** To these an id is the same as any other text: only whether two are equal counts. */
const comparing: ReadonlySet<string> = new Set([
  '_==_',
  '_!=_',
  '_in_',
  '_[_]',
  '_[?_]',
  'sets.contains',
  'sets.equivalent',
  'sets.intersects',
  'optional.of',
  'optional.ofNonZeroValue',
  '.hasValue',
  '.value',
])

function nodesOf(tree: Tree): readonly Tree[] {
  return [tree, ...partsOf(tree).flatMap(nodesOf)]
}

/** A function or regular expression looks into an id. */
function examines(node: Tree, locals: boolean): boolean {
  if (node.kind === 'matches') return holdsId(node.of, locals)
  return node.kind === 'call' && !comparing.has(node.name) && node.args.some((arg) => holdsId(arg, locals))
}

/** A text made of nothing that the request says: it could be anybody's id. */
function putsTogether(node: Tree): boolean {
  if (node.kind !== 'call' || comparing.has(node.name) || !mayBeText(node)) return false
  return !nodesOf(node).some(({ kind }) => kind === 'slot' || kind === 'optional-slot')
}

function mayBeText({ type: { kind } }: Tree): boolean {
  return kind === 'string' || kind === 'bytes' || kind === 'dyn' || kind === 'list' || kind === 'optional'
}

/** A variable may be an id: of a list of them, or by a name that is given to one. */
function givesAnId(node: Tree): boolean {
  switch (node.kind) {
    case 'fold':
      return holdsId(node.over, false)
    case 'bind':
      return holdsId(node.value, false)
    case 'optional-map':
      return holdsId(node.of, false)
    case 'parameters':
      return node.parameters.some(({ request }) => isActorId(request))
    default:
      return false
  }
}

function isId(node: Tree, locals: boolean): boolean {
  if (node.kind === 'slot' || node.kind === 'optional-slot') return isActorId(node.path)
  return node.kind === 'local' && locals
}

/** Whether its value may be an id, or have one in it; a bool, that of a comparison, has none. */
function holdsId(node: Tree, locals: boolean): boolean {
  if (isId(node, locals)) return true
  if (node.type.kind === 'bool') return false
  // Other parts of an actor.
  if (node.kind === 'select' || node.kind === 'optional-select') {
    return node.key !== 'type' && node.key !== 'properties' && holdsId(node.of, locals)
  }
  // Of a map by an id, there is what the map says.
  if (node.kind === 'call' && node.name === '_[_]') return node.args.slice(0, 1).some((arg) => holdsId(arg, locals))
  return partsOf(node).some((part) => holdsId(part, locals))
}
