/** How a relation is come by, as a document writes it. */
import type { RewriteModel } from '../../tuple/relation-model.ts'
import type { MapNode, Node, Nodes } from '../node.ts'
import { describe, quote, readRecord, readString } from '../read.ts'
import type { Report } from '../report.ts'
import { readSubjectType } from './parse.ts'

/** What assembly/abi/memory.ts has as Limit.RewriteDepth. */
const maxDepth = 16
const advice =
  'write [user], another relation, { from: …, relation: … }, { any: [...] }, { all: [...] } or { base: …, except: … }'

export function readRewrite(node: Node, report: Report, what: string, depth: number): RewriteModel | undefined {
  if (depth > maxDepth) {
    report.error('E_LIMIT', node.at, `${what} is nested deeper than ${maxDepth}`, 'give a part a name of its own')
    return undefined
  }
  if (node.kind === 'broken') {
    report.problem(node)
    return undefined
  }
  if (node.kind === 'list') return readDirect(node.items, node, report, what)
  if (node.kind === 'map') return readMapForm(node, report, what, depth)
  if (typeof node.scalar !== 'string') {
    report.error('E_TYPE', node.at, `${what} cannot be ${describe(node)}`, advice)
    return undefined
  }
  if (/[:#\s]/.test(node.scalar)) {
    report.error(
      'E_RELATION',
      node.at,
      `${quote(node.scalar)} is not a relation of the same type`,
      `for a type of subject write [${node.scalar}]`,
    )
    return undefined
  }
  const relation = readString(node, report, what)
  return relation === undefined ? undefined : { kind: 'computed', relation }
}

function readDirect(items: Nodes, node: Node, report: Report, what: string): RewriteModel | undefined {
  if (items.length === 0) {
    report.error('E_MISSING', node.at, `the list of ${what} is empty`, 'name a type of subject: [user]')
    return undefined
  }
  const subjects = items.map((item) => readSubjectType(item, report)).filter((subject) => subject !== undefined)
  return subjects.length === 0 ? undefined : { kind: 'direct', subjects }
}

function readMapForm(node: MapNode, report: Report, what: string, depth: number): RewriteModel | undefined {
  const { entries } = node
  const part = (key: string): RewriteModel | undefined => {
    const entry = entries.get(key)
    if (entry !== undefined) return readRewrite(entry.value, report, what, depth + 1)
    report.error('E_MISSING', node.at, `${what} has no "${key}"`, advice)
    return undefined
  }
  if (entries.has('any') || entries.has('all')) {
    const key = entries.has('any') ? 'any' : 'all'
    readRecord(node, report, what, [key])
    return readGroup(key, entries.get(key)?.value, report, what, depth)
  }
  if (entries.has('base') || entries.has('except')) {
    readRecord(node, report, what, ['base', 'except'])
    const base = part('base')
    const except = part('except')
    return base && except && { kind: 'exclusion', base, except }
  }
  if (entries.has('from') || entries.has('relation')) {
    readRecord(node, report, what, ['from', 'relation'])
    const name = (key: string) => {
      const entry = entries.get(key)
      if (entry === undefined)
        report.error('E_MISSING', node.at, `${what} has no "${key}"`, 'write { from: parent, relation: viewer }')
      return entry && readString(entry.value, report, `"${key}" of ${what}`)
    }
    const from = name('from')
    const relation = name('relation')
    return from === undefined || relation === undefined ? undefined : { kind: 'arrow', from, relation }
  }
  readRecord(node, report, what, ['any', 'all', 'base', 'except', 'from', 'relation'])
  if (entries.size === 0) report.error('E_MISSING', node.at, `${what} is empty`, advice)
  return undefined
}

function readGroup(
  key: 'any' | 'all',
  node: Node | undefined,
  report: Report,
  what: string,
  depth: number,
): RewriteModel | undefined {
  if (node?.kind !== 'list' || node.items.length === 0) {
    if (node?.kind === 'broken') report.problem(node)
    else if (node !== undefined)
      report.error('E_TYPE', node.at, `"${key}" of ${what} needs a list of ways`, `write ${key}: [[user], owner]`)
    return undefined
  }
  const of = node.items.map((item) => readRewrite(item, report, what, depth + 1)).filter((one) => one !== undefined)
  if (of.length === 0) return undefined
  return { kind: key === 'any' ? 'union' : 'intersection', of }
}
