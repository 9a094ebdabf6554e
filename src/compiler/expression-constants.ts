/** Constants of expressions as cells: what an operation reads where it lies. */

import { CelTag } from '../../assembly/abi/cel.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import { Section } from '../../assembly/abi/image.ts'
import { Layout } from '../../assembly/abi/memory.ts'
import type { Tree } from '../cel/tree.ts'
import type { StringTable } from './strings.ts'
import type { Words } from './words.ts'

type Scalar = Extract<Tree, { kind: 'null' | 'boolean' | 'int' | 'uint' | 'double' | 'string' | 'type' }>

const scalars: readonly string[] = [
  'null',
  'boolean',
  'int',
  'uint',
  'double',
  'string',
  'type',
] satisfies Scalar['kind'][]

/** A scalar, or the items of a list of them; undefined for what is no constant. */
export function constantOf(tree: Tree): Scalar | readonly Scalar[] | undefined {
  if (isScalar(tree)) return tree
  return tree.kind === 'list' && tree.items.every(isScalar) ? tree.items : undefined
}

function isScalar(tree: Tree): tree is Scalar {
  return scalars.includes(tree.kind)
}

/** Appends the cell, and those of a list's items behind it, to the section Expressions. */
export function writeConstant(words: Words, strings: StringTable, constant: Scalar | readonly Scalar[]): void {
  if (!isList(constant)) {
    writeScalar(words, strings, constant)
    return
  }
  words.push(Tag.List)
  words.push(constant.length)
  words.pushAddress(Section.Expressions, words.offset + 8)
  words.push(Layout.CellSize)
  for (const item of constant) writeScalar(words, strings, item)
}

function isList(constant: Scalar | readonly Scalar[]): constant is readonly Scalar[] {
  return Array.isArray(constant)
}

function writeScalar(words: Words, strings: StringTable, tree: Scalar): void {
  const { tag, aux = 0, value = 0n } = cellOf(strings, tree)
  const bits = BigInt.asUintN(64, value)
  words.push(tag)
  words.push(aux)
  words.push(Number(bits & 0xffffffffn))
  words.push(Number(bits >> 32n))
}

function cellOf(strings: StringTable, tree: Scalar): { tag: number; aux?: number; value?: bigint } {
  switch (tree.kind) {
    case 'null':
      return { tag: Tag.Null }
    case 'boolean':
      return { tag: Tag.Boolean, aux: tree.value ? 1 : 0 }
    case 'string':
      return { tag: Tag.String, aux: strings.intern(tree.value) }
    case 'type':
      return { tag: CelTag.Type, aux: tree.value }
    case 'int':
      return { tag: CelTag.Int, value: tree.value }
    case 'uint':
      return { tag: CelTag.Uint, value: tree.value }
    default:
      return { tag: Tag.Number, value: bitsOf(tree.value) }
  }
}

function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n
}
