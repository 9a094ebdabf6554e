/** A checked expression: every name resolved, every call chosen, types where they are known. */
import type { CelCall, CelFold, CelPart, CelType } from '../../assembly/abi/cel.ts'
import type { Type } from './types.ts'

/** Where something stands in the text of the expression, in UTF-16 units. */
export interface Range {
  readonly start: number
  readonly end: number
}

/** An attribute of the request; the policy's own paths have this shape. */
export interface PathRef {
  readonly root: string
  readonly keys: readonly (string | number)[]
  /** A part of the request that is always there, and a string. */
  readonly fixed: boolean
  readonly text: string
}

/** A parameter of a named condition: what the tuple says, or else the request. */
export interface Parameter {
  readonly name: string
  /** Of CelParameter, four bits for each. */
  readonly code: number
  /** Lists and maps are written whole. */
  readonly whole: boolean
  readonly tuple: PathRef
  readonly request: PathRef
}

interface Base {
  readonly type: Type
  readonly range: Range
  /** Only the type of a list or map matters here, not what is in it. */
  readonly shallow?: true
}

export type Tree = Base &
  (
    | { readonly kind: 'null' }
    | { readonly kind: 'boolean'; readonly value: boolean }
    | { readonly kind: 'int' | 'uint'; readonly value: bigint }
    | { readonly kind: 'double'; readonly value: number }
    | { readonly kind: 'string'; readonly value: string }
    | { readonly kind: 'bytes'; readonly value: Uint8Array }
    | { readonly kind: 'type'; readonly value: CelType }
    | { readonly kind: 'slot'; readonly path: PathRef }
    | { readonly kind: 'optional-slot'; readonly path: PathRef }
    /** `parent` is the map that holds the attribute; undefined for one that is always there. */
    | { readonly kind: 'has-slot'; readonly parent: PathRef | undefined; readonly path: PathRef }
    | { readonly kind: 'now' }
    | { readonly kind: 'local'; readonly index: number }
    | { readonly kind: 'select' | 'has' | 'optional-select'; readonly of: Tree; readonly key: string }
    | { readonly kind: 'and' | 'or'; readonly of: readonly Tree[] }
    | { readonly kind: 'not'; readonly of: Tree }
    | { readonly kind: 'conditional'; readonly test: Tree; readonly yes: Tree; readonly no: Tree }
    | { readonly kind: 'list'; readonly items: readonly Tree[] }
    | { readonly kind: 'map'; readonly entries: readonly (readonly [Tree, Tree])[] }
    | { readonly kind: 'call'; readonly call: CelCall; readonly name: string; readonly args: readonly Tree[] }
    | {
        readonly kind: 'fold'
        readonly fold: CelFold
        readonly name: string
        readonly local: number
        readonly variables: 1 | 2
        readonly over: Tree
        /** The filter, if there is one, and the body. */
        readonly bodies: readonly Tree[]
      }
    | { readonly kind: 'bind'; readonly local: number; readonly value: Tree; readonly body: Tree }
    | {
        readonly kind: 'optional-map'
        readonly local: number
        readonly flat: boolean
        readonly of: Tree
        readonly body: Tree
      }
    | { readonly kind: 'optional-or'; readonly value: boolean; readonly of: Tree; readonly other: Tree }
    | { readonly kind: 'optional-none' }
    /** In a list, or as the value of an entry: `[?x]`, `{?key: x}`. */
    | { readonly kind: 'optional-element'; readonly of: Tree }
    /** An accessor of a timestamp with a zone by its name. */
    | { readonly kind: 'zone-part'; readonly of: Tree; readonly part: CelPart; readonly zone: string }
    /** Named conditions: the parameters, which are the first variables, and what is asked of them. */
    | {
        readonly kind: 'parameters'
        readonly parameters: readonly Parameter[]
        /** One that is not there makes the whole an error, even where the body could do without. */
        readonly allNeeded: boolean
        readonly body: Tree
      }
    | { readonly kind: 'matches'; readonly of: Tree; readonly source: string; readonly regex: unknown }
  )

/** The trees directly below one. */
export function partsOf(tree: Tree): readonly Tree[] {
  switch (tree.kind) {
    case 'select':
    case 'has':
    case 'optional-select':
    case 'not':
    case 'matches':
    case 'optional-element':
    case 'zone-part':
      return [tree.of]
    case 'and':
    case 'or':
      return tree.of
    case 'conditional':
      return [tree.test, tree.yes, tree.no]
    case 'list':
      return tree.items
    case 'map':
      return tree.entries.flat()
    case 'call':
      return tree.args
    case 'fold':
      return [tree.over, ...tree.bodies]
    case 'bind':
      return [tree.value, tree.body]
    case 'parameters':
      return [tree.body]
    case 'optional-map':
      return [tree.of, tree.body]
    case 'optional-or':
      return [tree.of, tree.other]
    default:
      return []
  }
}

/** Where only the type of a list or map matters, the host need not write what is in it. */
export function shallow(tree: Tree): Tree {
  return { ...tree, shallow: true }
}
