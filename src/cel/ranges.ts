/** Ranges of syntax: the parser has none for parentheses, so that a node that begins or ends with a part in some lacks one of each. */
import type { ASTNode } from '@marcbachmann/cel-js'
import { tokensOf } from './prepare.ts'

type Mutable = { -readonly [Key in 'start' | 'end']: number }

/** Lets every node below reach over the parentheses around its first and its last part. Those around all of it stay outside. */
export function widen(root: ASTNode, text: string): ASTNode {
  const parentheses = new Parentheses(text)
  if (parentheses.none) return root
  const nodes = [root]
  // It grows meanwhile: parts come behind what they are parts of, however deep they lie.
  for (const node of nodes) nodes.push(...partsOf(node))
  for (const node of nodes.reverse()) {
    const parts = partsOf(node)
    const first = parts.find(({ start }) => start <= node.start)
    const last = parts.find(({ end }) => end >= node.end)
    const range: Mutable = node
    if (first !== undefined) range.start = parentheses.startAround(first)
    if (last !== undefined) range.end = parentheses.endAround(last)
  }
  return root
}

/** The nodes directly below one: its arguments, some of which stand in lists. */
function partsOf(node: ASTNode): ASTNode[] {
  if (node.op === 'value') return []
  const parts: readonly unknown[] = [node.args].flat(3)
  return parts.filter((part): part is ASTNode => typeof part === 'object' && part !== null && 'op' in part)
}

class Parentheses {
  readonly none: boolean
  readonly #tokens: readonly string[]
  readonly #offsets: readonly number[]
  /** Numbers of tokens by where they start and where they end. */
  readonly #starting = new Map<number, number>()
  readonly #ending = new Map<number, number>()

  constructor(text: string) {
    const tokens = [...tokensOf(text)].filter(([token]) => !/^(?:\s|\/\/)/.test(token))
    this.#tokens = tokens.map(([token]) => token)
    this.#offsets = tokens.map(({ index }) => index)
    this.none = !this.#tokens.includes(')')
    tokens.forEach(([token], i) => {
      this.#starting.set(this.#offsets[i]!, i)
      this.#ending.set(this.#offsets[i]! + token.length, i)
    })
  }

  /** Where the outermost parentheses right around a node open; its own start when there are none. */
  startAround({ start, end }: ASTNode): number {
    const [open] = this.#around(start, end)
    return open === undefined ? start : this.#offsets[open]!
  }

  /** Where they close. */
  endAround({ start, end }: ASTNode): number {
    const [, close] = this.#around(start, end)
    return close === undefined ? end : this.#offsets[close]! + 1
  }

  /** The numbers of the two tokens. */
  #around(start: number, end: number): readonly [open?: number, close?: number] {
    let open = this.#starting.get(start)
    let close = this.#ending.get(end)
    if (open === undefined || close === undefined) return []
    const inside = open
    while (this.#tokens[open - 1] === '(' && this.#tokens[close + 1] === ')') {
      open--
      close++
    }
    return open === inside ? [] : [open, close]
  }
}
