/**
 * Random histories: the same writes, searches and readings of changes on a store and on the store in memory, which is the model. Each
 * answer has to be the same. Without a test library, so that it runs where the contract does.
 */
import { memoryStore } from '../../src/store/memory/index.ts'
import type { Guard, Query, Row, TenantStore, Write } from '../../src/store/port.ts'
import { counter, delegation, revocation } from './rows.ts'
import { equal } from './same.ts'

/** @throws Error that names the seed and the step */
export async function replay(seed: number, steps: number, tenant: TenantStore): Promise<void> {
  const random = new Random(seed)
  const model = memoryStore().tenant(tenant.tenant)
  for (let step = 0; step < steps; step++) {
    const ask = question(random)
    const [expected, found] = await Promise.all([ask.run(model), ask.run(tenant)])
    equal(found, expected, `seed ${seed}, step ${step}, ${ask.text}`)
  }
}

interface Question {
  readonly text: string
  readonly run: (tenant: TenantStore) => Promise<unknown>
}

function question(random: Random): Question {
  const kind = random.below(10)
  if (kind < 5) {
    const writes = random.list(1, 3, () => write(random))
    return { text: `write ${JSON.stringify(writes)}`, run: (tenant) => tenant.write(writes) }
  }
  if (kind < 6) {
    // Those of one process are applied in the order in which they came.
    const burst = random.list(2, 12, () => random.list(1, 2, () => write(random)))
    return {
      text: `at once ${JSON.stringify(burst)}`,
      run: (tenant) => Promise.all(burst.map((writes) => tenant.write(writes))),
    }
  }
  if (kind < 8) {
    const query = search(random)
    return { text: `find ${JSON.stringify(query)}`, run: (tenant) => tenant.find('delegations', query) }
  }
  if (kind < 9) {
    const [after, limit] = [random.below(20), random.between(1, 5)]
    const first = random.one([undefined, 'first'] as const)
    return { text: `changes ${after} ${limit} ${first}`, run: (tenant) => tenant.changes(after, limit, first) }
  }
  if (random.below(4) > 0) {
    const query = { limit: random.between(1, 9), descending: random.one([true, false]) }
    return { text: `counters ${JSON.stringify(query)}`, run: (tenant) => tenant.find('counters', query) }
  }
  const upTo = random.below(20)
  return { text: `trim ${upTo}`, run: (tenant) => tenant.trim(upTo) }
}

// Their orders by UTF-16 unit, by locale and by code point differ.
const ids = ['a', 'B', 'é', 'a b', '\u{ff5e}', '\u{1f600}'] as const
const states = ['active', 'revoked', 'suspended'] as const
const numbers = [0, 1, 2, 3, 5, 8, -1, -3, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER] as const

function write(random: Random): Write {
  const id = random.one(ids)
  const kind = random.below(10)
  if (kind === 8) return { put: 'delegations', row: { ...delegation(id).row, ...fields(random) } }
  if (kind === 9) return { remove: 'delegations', key: { id } }
  if (kind === 0)
    return { ...counter(random.one(ids), random.one(numbers), random.below(2)), ifAbsent: random.below(3) > 0 }
  if (kind === 1) return { ...revocation(id, random.below(5)), ifAbsent: true }
  if (kind === 2) {
    const key = { name: random.one(ids), window: random.below(2) }
    const when: Guard<'counters'>[] = random.list(0, 1, () => ({
      column: 'value',
      plus: random.one(numbers),
      is: '<=',
      value: random.one(numbers),
    }))
    return { update: 'counters', key, add: { value: random.one(numbers) }, when }
  }
  if (kind < 5) return { ...delegation(id, fields(random)), ifAbsent: random.below(2) > 0 }
  const when = random.list(0, random.below(3), () => guard(random))
  if (kind === 5) return { delete: 'delegations', key: { id }, when }
  if (kind === 6) return { require: 'delegations', key: { id }, when }
  const { state, budget } = fields(random)
  return {
    update: 'delegations',
    key: { id },
    set: random.one([{ state }, { budget }, { state, budget }, {}]),
    add: { uses: random.one(numbers), spent: random.below(3) },
    when,
  }
}

function fields(random: Random): Pick<Row<'delegations'>, 'state' | 'budget' | 'grantee' | 'expires_at' | 'uses'> {
  return {
    state: random.one(states),
    budget: random.one([null, ...numbers]),
    grantee: random.one(ids),
    expires_at: random.below(4),
    uses: random.one(numbers),
  }
}

function guard(random: Random): Guard<'delegations'> {
  const is = random.one(['=', '!=', '<', '<=', '>', '>='] as const)
  switch (random.below(5)) {
    case 0:
      return { column: random.one(['state', 'grantee', 'id'] as const), is, value: random.one([...states, ...ids]) }
    case 1:
      return { column: random.one(['uses', 'budget', 'expires_at'] as const), is, value: random.one(numbers) }
    case 2:
      return { column: 'spent', plus: random.one(numbers), is, to: random.one(['budget', 'uses'] as const) }
    case 3:
      return { column: 'budget', is: random.one(['null', 'not null'] as const) }
    default:
      return { column: 'id', is, to: 'grantee' }
  }
}

function search(random: Random): Query<'delegations'> {
  const by = random.one([undefined, 'by_grantee', 'by_expiry', 'by_parent'] as const)
  const where = random.list(0, 3, () => guard(random))
  const after = { id: random.one(ids), parent: '', ...fields(random) }
  return {
    where,
    limit: random.between(1, 6),
    descending: random.one([true, false]),
    ...(by === undefined ? {} : { by }),
    ...(random.below(2) > 0 ? { after } : {}),
  }
}

/** xorshift32 (Marsaglia, "Xorshift RNGs", 2003): the same numbers for a seed everywhere. */
class Random {
  #state: number

  constructor(seed: number) {
    this.#state = (seed * 2654435761) >>> 0 || 1
  }

  below(limit: number): number {
    this.#state ^= this.#state << 13
    this.#state ^= this.#state >>> 17
    this.#state ^= this.#state << 5
    return (this.#state >>> 0) % limit
  }

  between(least: number, most: number): number {
    return least + this.below(most - least + 1)
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)]!
  }

  list<T>(least: number, most: number, make: () => T): T[] {
    return Array.from({ length: this.between(least, most) }, make)
  }
}
