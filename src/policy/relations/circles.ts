/** Relations that follow from themselves, and relations that no tuple can lead to. */
import type { RelationNames, RewriteModel } from '../../tuple/relation-model.ts'
import { rewritesIn } from '../../tuple/relation-model.ts'

/** Circles of computed relations on one and the same object, as `type#relation`, the first one repeated at the end. */
export function findCircles(names: RelationNames): string[][] {
  const circles: string[][] = []
  for (const type of names.types) {
    const done = new Set<string>()
    for (const start of names.relationsOf(type)) {
      const circle = done.has(start)
        ? undefined
        : circleFrom(start, [], done, (relation) => computedIn(names.rewrite(type, relation)))
      if (circle !== undefined) circles.push(circle.map((relation) => `${type}#${relation}`))
    }
  }
  return circles
}

function circleFrom(
  relation: string,
  path: readonly string[],
  done: Set<string>,
  next: (relation: string) => readonly string[],
): string[] | undefined {
  if (path.includes(relation)) return [...path.slice(path.indexOf(relation)), relation]
  if (done.has(relation)) return undefined
  for (const other of next(relation)) {
    const circle = circleFrom(other, [...path, relation], done, next)
    if (circle === undefined) continue
    // One circle is told once, from wherever it is entered.
    done.add(relation)
    return circle
  }
  done.add(relation)
  return undefined
}

function computedIn(rewrite: RewriteModel | undefined): readonly string[] {
  if (rewrite === undefined) return []
  return rewritesIn(rewrite).flatMap((one) => (one.kind === 'computed' ? [one.relation] : []))
}

/** Relations that nobody can have, whatever the tuples: the complement of the least set that tuples can lead to. */
export function findHopeless(names: RelationNames): string[] {
  const keys = names.types.flatMap((type) => names.relationsOf(type).map((relation) => [type, relation] as const))
  const possible = new Set<string>()
  const can = (type: string, relation: string) => possible.has(`${type}#${relation}`)
  const reachable = (type: string, rewrite: RewriteModel): boolean => {
    switch (rewrite.kind) {
      case 'direct':
        return rewrite.subjects.some((one) => one.relation === undefined || can(one.type, one.relation))
      case 'computed':
        return can(type, rewrite.relation)
      case 'arrow':
        return names.directSubjects(type, rewrite.from).some((one) => can(one.type, rewrite.relation))
      case 'union':
        return rewrite.of.some((one) => reachable(type, one))
      case 'intersection':
        return rewrite.of.every((one) => reachable(type, one))
      case 'exclusion':
        return reachable(type, rewrite.base)
    }
  }
  for (let before = -1; before !== possible.size; ) {
    before = possible.size
    for (const [type, relation] of keys) {
      const rewrite = names.rewrite(type, relation)
      if (rewrite !== undefined && reachable(type, rewrite)) possible.add(`${type}#${relation}`)
    }
  }
  return keys.map(([type, relation]) => `${type}#${relation}`).filter((key) => !possible.has(key))
}
