/**
 * Workload W4: a million relation tuples. Documents in folders five deep, groups three deep, and questions half of which are
 * granted: by the document's owner, or by a viewer of some folder above it, directly or through groups.
 */
import type { AccessRequest } from '../../src/engine/types.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { createRandom, type Random } from '../random.ts'

export const policies: PolicyDocument = {
  version: 1,
  relations: {
    user: {},
    group: { member: ['user', 'group#member'] },
    folder: {
      parent: ['folder'],
      viewer: { any: [['user', 'group#member'], { from: 'parent', relation: 'viewer' }] },
    },
    document: {
      parent: ['folder'],
      owner: ['user'],
      viewer: { any: ['owner', { from: 'parent', relation: 'viewer' }] },
    },
  },
  rules: [{ id: 'viewers-read', allow: 'read', on: 'document', to: { relation: 'viewer' } }],
}

export interface Graph {
  readonly tuples: readonly string[]
  /** Draws a question. */
  question(random: Random): AccessRequest
}

const depth = 5

/** @param size about how many tuples there are */
export function createGraph(size: number, seed: number): Graph {
  const random = createRandom(seed)
  const documents = Math.round(size * 0.4)
  const folders = Math.round(size * 0.04)
  const users = Math.round(size * 0.02)
  const teams = Math.max(10, Math.round(users / 20))
  const tuples: string[] = []

  // Teams in departments in divisions, ten in each.
  const [departments, divisions] = [Math.ceil(teams / 10), Math.ceil(teams / 100)]
  for (let i = 0; i < teams; i++) tuples.push(`group:dep${i % departments}#member@group:team${i}#member`)
  for (let i = 0; i < departments; i++) tuples.push(`group:div${i % divisions}#member@group:dep${i}#member`)
  for (let i = 0; i < users; i++) {
    for (const team of random.sample(
      [...Array(4)].map(() => random.integer(teams)),
      4,
    )) {
      tuples.push(`group:team${team}#member@user:u${i}`)
    }
  }

  // Folders level by level, each level four times as large; each has a viewer, and a group of viewers.
  const levels: number[][] = Array.from({ length: depth }, () => [])
  const parents: number[] = []
  const viewers: string[] = []
  for (let i = 0; i < folders; i++) {
    const level = Math.max(0, depth - 1 - Math.floor(Math.log(folders / (i + 1)) / Math.log(4)))
    parents[i] = level === 0 ? -1 : random.pick(levels[level - 1]!)
    levels[level]!.push(i)
    if (level > 0) tuples.push(`folder:f${i}#parent@folder:f${parents[i]}`)
    viewers[i] = `u${random.integer(users)}`
    tuples.push(`folder:f${i}#viewer@user:${viewers[i]}`)
    const kind = random.pick(['team', 'team', 'dep', 'div'])
    const count = { team: teams, dep: departments, div: divisions }[kind]!
    tuples.push(`folder:f${i}#viewer@group:${kind}${random.integer(count)}#member`)
  }

  const parentOf: number[] = []
  const ownerOf: number[] = []
  for (let i = 0; i < documents; i++) {
    parentOf[i] = random.pick(levels[depth - 1]!)
    ownerOf[i] = random.integer(users)
    tuples.push(`document:d${i}#parent@folder:f${parentOf[i]}`, `document:d${i}#owner@user:u${ownerOf[i]}`)
  }

  const question = (draw: Random): AccessRequest => {
    const document = draw.integer(documents)
    const kind = draw.integer(4)
    let user = `u${draw.integer(users)}`
    if (kind === 0) user = `u${ownerOf[document]}`
    if (kind === 1) {
      let folder = parentOf[document]!
      for (let up = draw.integer(depth); up > 0 && parents[folder]! >= 0; up--) folder = parents[folder]!
      user = viewers[folder]!
    }
    return {
      subject: { type: 'user', id: user },
      action: { name: 'read' },
      resource: { type: 'document', id: `d${document}` },
    }
  }
  return { tuples: random.shuffle([...new Set(tuples)]), question }
}
