/** The vocabulary of the rbac-abac workload: its attributes with their values, and the tests its rules are made of. */
import type { Test, Tests } from '../../src/policy/document.ts'
import type { Random } from '../random.ts'

/** A request before it is frozen into JSON. Undefined values are left out there. */
export interface Draft {
  readonly subject: { type: string; id: string; properties: Record<string, unknown> }
  readonly action: { name: string }
  readonly resource: { type: string; id: string; properties: Record<string, unknown> }
  readonly context: Record<string, unknown>
}

const departments = ['sales', 'finance', 'legal', 'engineering', 'research', 'support', 'operations', 'human-resources']
const zones = ['eu-west', 'eu-central', 'us-east', 'us-west', 'ap-south', 'ap-northeast', 'sa-east', 'af-south']
const statuses = ['draft', 'in-review', 'published', 'archived', 'quarantined', 'awaiting-approval']
const channels = ['web', 'mobile', 'api', 'batch', 'agent', 'command-line']

export function userId(random: Random): string {
  return `user-${random.integer(10_000)}@example.com`
}

/** Every attribute of a request, drawn at random. The order of the keys is always the same, as a program's would be. */
export function randomSubject(random: Random, roles: readonly string[]): Record<string, unknown> {
  return {
    roles,
    department: random.pick(departments),
    zone: random.pick(zones),
    clearance: random.integer(10),
    risk: random.next(),
  }
}

export function randomResource(random: Random): Record<string, unknown> {
  return {
    status: random.pick(statuses),
    zone: random.pick(zones),
    sensitivity: random.integer(10),
    public: random.next() < 0.5,
    owner: userId(random),
  }
}

export function randomContext(random: Random): Record<string, unknown> {
  return { channel: random.pick(channels), mfa: random.next() < 0.5, amount: random.integer(10_000) }
}

/** The attributes that a request may lack: one for each part, so that requests come in a few shapes, not in dozens. */
export const optionalPaths: readonly string[] = ['subject.clearance', 'resource.owner', 'context.amount']

type Template = (random: Random) => readonly [path: string, test: Test]

/** eq, in, ordering, and one attribute against another. */
const templates: readonly Template[] = [
  (random) => ['subject.department', random.pick(departments)],
  (random) => ['subject.department', { in: random.sample(departments, 3) }],
  (random) => ['subject.clearance', { gt: random.integer(8) }],
  () => ['subject.clearance', { gte: { ref: 'resource.sensitivity' } }],
  () => ['subject.zone', { eq: { ref: 'resource.zone' } }],
  () => ['subject.id', { eq: { ref: 'resource.owner' } }],
  (random) => ['subject.risk', { lt: 0.2 + random.integer(70) / 100 }],
  (random) => ['resource.status', random.pick(statuses)],
  (random) => ['resource.status', { in: random.sample(statuses, 3) }],
  (random) => ['resource.sensitivity', { lte: 2 + random.integer(7) }],
  (random) => ['resource.public', random.next() < 0.5],
  (random) => ['context.channel', { in: random.sample(channels, 2) }],
  () => ['context.mfa', true],
  (random) => ['context.amount', { lt: 1000 + random.integer(8000) }],
]

/** `count` tests on different attributes. */
export function randomTests(random: Random, count: number): Record<string, Test> {
  const tests: Record<string, Test> = {}
  for (const template of random.shuffle([...templates])) {
    const [path, test] = template(random)
    if (!(path in tests)) tests[path] = test
    if (Object.keys(tests).length === count) break
  }
  return tests
}

/** Changes the draft so that the test holds. */
export function satisfy(draft: Draft, path: string, test: Test, random: Random): void {
  const { eq, gte, gt, lt, lte, in: items } = operatorsOf(test)
  // The other attribute is the one that is changed: several tests may read the subject's id.
  if (isReference(eq)) write(draft, eq.ref, read(draft, path))
  else if (isReference(gte)) write(draft, path, Math.max(number(read(draft, path)), number(read(draft, gte.ref))))
  else if (Array.isArray(items)) write(draft, path, random.pick(items))
  else if (eq !== undefined) write(draft, path, eq)
  else if (gt !== undefined) write(draft, path, number(gt) + 1)
  // Amounts stay whole numbers: some engines have no others.
  else if (lt !== undefined)
    write(draft, path, number(lt) > 1 ? random.integer(number(lt)) : number(lt) * random.next())
  else if (lte !== undefined) write(draft, path, number(lte))
  else throw new Error(`no way to satisfy ${JSON.stringify(test)}`)
}

/** Changes the draft so that the test does not hold. */
export function violate(draft: Draft, path: string, test: Test): void {
  const { eq, gte, gt, lt, lte, in: items } = operatorsOf(test)
  if (isReference(eq)) write(draft, eq.ref, 'none-of-these')
  else if (isReference(gte)) write(draft, path, number(read(draft, gte.ref)) - 1)
  else if (Array.isArray(items)) write(draft, path, 'none-of-these')
  else if (eq !== undefined) write(draft, path, typeof eq === 'boolean' ? !eq : 'none-of-these')
  else if (gt !== undefined) write(draft, path, number(gt))
  else if (lt !== undefined) write(draft, path, number(lt))
  else if (lte !== undefined) write(draft, path, number(lte) + 1)
  else throw new Error(`no way to violate ${JSON.stringify(test)}`)
}

/** Takes the attribute out of the draft. */
export function remove(draft: Draft, path: string): void {
  write(draft, path, undefined)
}

function read(draft: Draft, path: string): unknown {
  if (path === 'subject.id') return draft.subject.id
  const [root, key] = split(path)
  return root === 'context' ? draft.context[key] : draft[root].properties[key]
}

function write(draft: Draft, path: string, value: unknown): void {
  const [root, key] = split(path)
  const properties = root === 'context' ? draft.context : draft[root].properties
  properties[key] = value
}

function split(path: string): [root: 'subject' | 'resource' | 'context', key: string] {
  const [root, key] = path.split('.')
  if ((root !== 'subject' && root !== 'resource' && root !== 'context') || key === undefined) {
    throw new Error(`not a path of this workload: ${path}`)
  }
  return [root, key]
}

function operatorsOf(test: Test): Tests {
  return test === null || typeof test !== 'object' ? { eq: test } : test
}

function isReference(operand: unknown): operand is { readonly ref: string } {
  return typeof operand === 'object' && operand !== null && 'ref' in operand
}

function number(value: unknown): number {
  if (typeof value !== 'number') throw new TypeError(`expected a number, found ${JSON.stringify(value)}`)
  return value
}
