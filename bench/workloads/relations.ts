/**
 * Relations: documents in folders five deep, groups of groups three deep, users in the innermost groups. Folders and
 * some documents have groups as viewers; who may view a folder may view what is below it.
 */
import type { PolicyDocument } from '../../src/policy/document.ts'
import { createRandom, type Random } from '../random.ts'
import { type BuildOptions, type Case, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const document: PolicyDocument = {
  version: 1,
  tenant: 'bench',
  relations: {
    user: {},
    group: { member: ['user', 'group#member'] },
    folder: { parent: ['folder'], viewer: { any: [['user', 'group#member'], { from: 'parent', relation: 'viewer' }] } },
    document: {
      parent: ['folder'],
      owner: ['user'],
      viewer: { any: [['user', 'group#member'], 'owner', { from: 'parent', relation: 'viewer' }] },
    },
  },
  rules: [{ id: 'viewers-read', allow: 'read', on: 'document', to: { relation: 'viewer' } }],
}

export const relations: WorkloadFactory = {
  name: 'relations',
  description: 'relation tuples: documents in folders five deep, groups three deep; may this user view that document?',
  cases: ({ quick }) => (quick ? [20_000] : [20_000, 100_000, 1_000_000]).map(tupleCase),
  build,
}

export function tupleCase(tuples: number): Case {
  return { name: `${tuples.toLocaleString('en')} tuples`, rules: tuples }
}

function build({ case: size, seed, requests = 8192 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const world = makeWorld(size.rules, random)
  const texts = Array.from({ length: requests }, (_, i) => {
    const target = random.integer(world.documents.length)
    // Every other request is for somebody who is somewhere above the document; most others may not view it.
    const user = (i % 2 === 0 ? viewerAbove(world, target, random) : undefined) ?? random.integer(world.users)
    return JSON.stringify({
      subject: { type: 'user', id: `u${user}` },
      action: { name: 'read' },
      resource: { type: 'document', id: `d${target}` },
    })
  })
  return {
    name: relations.name,
    case: size,
    seed,
    question: 'request',
    perCall: 1,
    document,
    tuples: world.tuples,
    texts,
    requests: parseRequests(texts),
  }
}

interface World {
  readonly tuples: readonly string[]
  readonly users: number
  /** The folder of each document. */
  readonly documents: Uint32Array
  /** The parent of each folder, itself at the top. */
  readonly parents: Uint32Array
  /** A group that may view the folder, or none (-1). */
  readonly viewers: Int32Array
  /** A user inside each group, however deep. */
  readonly someMember: Uint32Array
}

const folderDepth = 5
const groupDepth = 3

function makeWorld(count: number, random: Random): World {
  const tuples: string[] = []
  const folders = levels(Math.ceil(count * 0.03), folderDepth)
  const groups = levels(Math.ceil(count * 0.01), groupDepth)
  const users = Math.ceil(count * 0.08)
  const parents = new Uint32Array(folders.length)
  const viewers = new Int32Array(folders.length).fill(-1)
  const someMember = new Uint32Array(groups.length)

  folders.forEach((above, folder) => {
    const parent = above === undefined ? folder : above.from + random.integer(above.count)
    parents[folder] = parent
    if (parent !== folder) tuples.push(`folder:f${folder}#parent@folder:f${parent}`)
    if (random.next() < 0.5) {
      const group = random.integer(groups.length)
      viewers[folder] = group
      tuples.push(`folder:f${folder}#viewer@group:g${group}#member`)
    }
  })
  const containers = groups.map((above) => (above === undefined ? undefined : above.from + random.integer(above.count)))
  const innermost = groups.flatMap((above, group) => (above?.level === groupDepth - 1 ? [group] : []))
  containers.forEach((container, group) => {
    if (container !== undefined) tuples.push(`group:g${container}#member@group:g${group}#member`)
  })
  for (let user = 0; user < users; user++) {
    const group = random.pick(innermost)
    tuples.push(`group:g${group}#member@user:u${user}`)
    for (let at: number | undefined = group; at !== undefined; at = containers[at]) someMember[at] = user
  }
  const documents: number[] = []
  while (tuples.length < count) {
    const document = documents.length
    const folder = random.integer(folders.length)
    documents.push(folder)
    tuples.push(`document:d${document}#parent@folder:f${folder}`)
    if (document % 3 === 0) tuples.push(`document:d${document}#owner@user:u${random.integer(users)}`)
    if (document % 5 === 0) tuples.push(`document:d${document}#viewer@group:g${random.integer(groups.length)}#member`)
  }
  return { tuples: tuples.slice(0, count), users, documents: Uint32Array.from(documents), parents, viewers, someMember }
}

interface Above {
  readonly level: number
  readonly from: number
  readonly count: number
}

/** `count` things in levels, each six times as large as the one above; for each thing, the level above it. */
function levels(count: number, depth: number): (Above | undefined)[] {
  const things: (Above | undefined)[] = []
  const whole = (6 ** depth - 1) / 5
  let above: Above | undefined
  for (let level = 0; level < depth; level++) {
    const from = things.length
    const size = level === depth - 1 ? Math.max(1, count - from) : Math.max(1, Math.floor((count * 6 ** level) / whole))
    for (let i = 0; i < size; i++) things.push(above)
    above = { level: level + 1, from, count: size }
  }
  return things
}

/** A member of a group that may view one of the folders above the document, a random one of them. */
function viewerAbove(
  { documents, parents, viewers, someMember }: World,
  document: number,
  random: Random,
): number | undefined {
  const found: number[] = []
  for (let folder = documents[document]!; ; folder = parents[folder]!) {
    if (viewers[folder]! >= 0) found.push(someMember[viewers[folder]!]!)
    if (parents[folder] === folder) break
  }
  return found.length > 0 ? random.pick(found) : undefined
}
