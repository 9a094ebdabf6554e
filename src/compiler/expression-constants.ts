/** Constants of expressions as cells: what an operation reads where it lies. */
import { Layout, Section, Tag } from '../../assembly/abi.ts'
import { CelTag } from '../../assembly/cel-abi.ts'
import type { Tree } from '../cel/tree.ts'
import type { StringTable } from './strings.ts'
import type { Words } from './words.ts'

type Scalar = Extract<Tree, { kind: 'null' | 'boolean' | 'int' | 'uint' | 'double' | 'string' | 'type' }>

const scalars: readonly string[] = ['null', 'boolean', 'int', 'uint', 'double', 'string', 'type'] satisfies Scalar['kind'][]

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
  switch (tree.kind) {
    case 'null':
      return writeCell(words, Tag.Null)
    case 'boolean':
      return writeCell(words, Tag.Boolean, tree.value ? 1 : 0)
    case 'string':
      return writeCell(words, Tag.String, strings.intern(tree.value))
    case 'type':
      return writeCell(words, CelTag.Type, tree.value)
    case 'int':
      return writeCell(words, CelTag.Int, 0, tree.value)
    case 'uint':
      return writeCell(words, CelTag.Uint, 0, tree.value)
    default:
      return writeCell(words, Tag.Number, 0, bitsOf(tree.value))
  }
}

function writeCell(words: Words, tag: number, aux = 0, value = 0n): void {
  const bits = BigInt.asUintN(64, value)
  words.push(tag)
  words.push(aux)
  words.push(Number(bits & 0xffffffffn))
  words.push(Number(bits >> 32n))
}

function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n
}
