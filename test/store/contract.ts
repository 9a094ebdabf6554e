/**
 * What every store promises, told as checks that run wherever a store does: under vitest, in workerd and in a browser.
 * So they use no test library; `same` throws.
 */
import type { Store, TenantStore } from '../../src/store/port.ts'
import { counter, delegation, revocation } from './rows.ts'
import { equal, rejects } from './same.ts'

export type Check = (store: Store, tenant: TenantStore) => Promise<void>

const largest = Number.MAX_SAFE_INTEGER

/** Each gets a tenant of its own in a store that may hold others. */
export const contract: Readonly<Record<string, Check>> = {
  'a row that was inserted is read back as it was': async (_, tenant) => {
    const { row } = delegation('d1', {
      budget: -largest,
      spent: largest,
      unit: 'O\'Hara \u{1f600} \\ " \n',
      document: 'é'.repeat(9000),
    })
    equal(await tenant.get('delegations', { id: 'd1' }), undefined)
    equal(await tenant.write([{ insert: 'delegations', row }]), { applied: true, revision: 1 })
    equal(await tenant.get('delegations', { id: 'd1' }), row)
  },

  'an insert fails where its key is taken, and leaves the row': async (_, tenant) => {
    await tenant.write([counter('a', 1)])
    equal(await tenant.write([counter('b'), counter('a', 2)]), { applied: false, failed: 1 })
    equal((await tenant.get('counters', { name: 'a', window: 0 }))?.value, 1)
    equal(await tenant.get('counters', { name: 'b', window: 0 }), undefined)
    equal(await tenant.revision(), 1)
  },

  'ifAbsent leaves the row, and the write goes on': async (_, tenant) => {
    await tenant.write([counter('a', 1)])
    equal(await tenant.write([{ ...counter('a', 2), ifAbsent: true }, counter('b')]), { applied: true, revision: 2 })
    equal((await tenant.get('counters', { name: 'a', window: 0 }))?.value, 1)
    equal((await tenant.get('counters', { name: 'b', window: 0 }))?.value, 0)
  },

  'the whole key counts': async (_, tenant) => {
    equal(await tenant.write([counter('a', 1, 1), counter('a', 2, 2)]), { applied: true, revision: 1 })
    equal((await tenant.get('counters', { name: 'a', window: 2 }))?.value, 2)
  },

  'an update sets, adds, and sees what statements before it did': async (_, tenant) => {
    const key = { id: 'd' }
    const written = await tenant.write([
      delegation('d', { uses: 3, budget: 100, spent: 10 }),
      {
        update: 'delegations',
        key,
        set: { state: 'suspended', unit: 'EUR', max_uses: null },
        add: { uses: 2, spent: -10 },
      },
      { update: 'delegations', key, add: { uses: 1 }, when: [{ column: 'uses', is: '=', value: 5 }] },
    ])
    equal(written, { applied: true, revision: 1 })
    const { row } = delegation('d', { uses: 6, budget: 100, spent: 0, state: 'suspended', unit: 'EUR' })
    equal(await tenant.get('delegations', key), row)
  },

  'a guard that does not hold undoes the whole write and is named by its place': async (_, tenant) => {
    await tenant.write([counter('a', 5), counter('b', 5)])
    const result = await tenant.write([
      { update: 'counters', key: { name: 'a', window: 0 }, add: { value: 1 } },
      { delete: 'counters', key: { name: 'b', window: 0 } },
      counter('c'),
      {
        update: 'counters',
        key: { name: 'a', window: 0 },
        add: { value: 1 },
        when: [{ column: 'value', is: '<', value: 6 }],
      },
      counter('d'),
    ])
    equal(result, { applied: false, failed: 3 })
    const rows = await tenant.find('counters', { limit: 10 })
    equal(
      rows.map(({ name, value }) => [name, value]),
      [
        ['a', 5],
        ['b', 5],
      ],
    )
    equal(await tenant.revision(), 1)
    equal((await tenant.changes(0, 10)).changes, [])
  },

  'an update, a delete and a require fail where the row is missing': async (_, tenant) => {
    const key = { name: 'none', window: 0 }
    equal(await tenant.write([{ update: 'counters', key, add: { value: 1 } }]), { applied: false, failed: 0 })
    equal(await tenant.write([{ delete: 'counters', key }]), { applied: false, failed: 0 })
    equal(await tenant.write([counter('x'), { require: 'counters', key }]), { applied: false, failed: 1 })
    equal(await tenant.revision(), 0)
  },

  'a delete deletes one row': async (_, tenant) => {
    await tenant.write([counter('a', 1), counter('b', 2)])
    const gone = {
      delete: 'counters',
      key: { name: 'a', window: 0 },
      when: [{ column: 'value', is: '=', value: 1 }],
    } as const
    equal(await tenant.write([gone]), { applied: true, revision: 2 })
    equal(
      (await tenant.find('counters', { limit: 10 })).map(({ name }) => name),
      ['b'],
    )
    equal(await tenant.write([gone]), { applied: false, failed: 0 })
    equal(await tenant.write([counter('a', 9)]), { applied: true, revision: 3 })
  },

  'a put writes the row whether one is there or not, and a remove needs none': async (_, tenant) => {
    const key = { name: 'a', window: 0 }
    const put = (name: string, value: number) => ({ put: 'counters', row: counter(name, value).row }) as const
    equal(await tenant.write([put('a', 1), put('b', 2)]), { applied: true, revision: 1 })
    equal(await tenant.write([put('b', 3), put('c', 4), put('b', 5)]), { applied: true, revision: 2 })
    const values = async () => (await tenant.find('counters', { limit: 9 })).map(({ name, value }) => [name, value])
    equal(await values(), [
      ['a', 1],
      ['b', 5],
      ['c', 4],
    ])
    const gone = { remove: 'counters', key } as const
    equal(await tenant.write([gone, { remove: 'counters', key: { name: 'c', window: 0 } }, gone]), {
      applied: true,
      revision: 3,
    })
    equal(await values(), [['b', 5]])
    // What stands in one list is applied in its order.
    equal((await tenant.write([put('a', 1), gone, put('a', 2), counter('d'), put('d', 7)])).applied, true)
    equal(await values(), [
      ['a', 2],
      ['b', 5],
      ['d', 7],
    ])
    equal(await tenant.write([put('x', 1), put('y', 1), gone, counter('b'), put('z', 1)]), {
      applied: false,
      failed: 3,
    })
    equal(await tenant.get('counters', { name: 'x', window: 0 }), undefined)
    equal((await tenant.get('counters', key))?.value, 2)
    await tenant.write([{ put: 'delegations', row: delegation('d').row }])
    await tenant.write([{ remove: 'delegations', key: { id: 'd' } }])
    equal(
      (await tenant.changes(0, 9)).changes.flatMap(({ entries }) => entries),
      [
        { table: 'delegations', kind: 'update', key: ['d'] },
        { table: 'delegations', kind: 'delete', key: ['d'] },
      ],
    )
  },

  'a thousand rows are put or removed in one write, or none': async (_, tenant) => {
    const tuples = Array.from({ length: 1000 }, (_, i) => {
      const key = { object: `document:${i}-${'é'.repeat(60)}`, relation: 'viewer', subject: `user:${'u'.repeat(200)}` }
      return { key, row: { ...key, condition: '', by: 'user:ann', at: i } }
    })
    const puts = tuples.map(({ row }) => ({ put: 'relation_tuples', row }) as const)
    const removes = tuples.map(({ key }) => ({ remove: 'relation_tuples', key }) as const)
    const count = async () => (await tenant.find('relation_tuples', { limit: 1000 })).length
    await tenant.write([counter('taken')])
    equal(await tenant.write([...puts, counter('taken')]), { applied: false, failed: 1000 })
    equal(await count(), 0)
    equal(await tenant.write([counter('first'), ...puts, counter('last')]), { applied: true, revision: 2 })
    equal(await count(), 1000)
    equal(await tenant.get('relation_tuples', tuples[999]!.key), tuples[999]!.row)
    equal((await tenant.changes(1, 9)).changes[0]?.entries.length, 1000)
    equal(await tenant.write([...removes, counter('taken')]), { applied: false, failed: 1000 })
    equal(await count(), 1000)
    equal(await tenant.write(removes), { applied: true, revision: 3 })
    equal(await count(), 0)
  },

  'writes that no store could take at once are refused by all': async (_, tenant) => {
    const many = (length: number) => Array.from({ length }, (_, i) => counter(`c${i}`))
    const puts = (length: number, key = '') =>
      Array.from({ length }, (_, i) => {
        const row = { object: `o${i}${key}`, relation: 'r', subject: `s${key}`, condition: '', by: '', at: 0 }
        return { put: 'relation_tuples', row } as const
      })
    await rejects(() => tenant.write(many(201)), 'E_STORE_STATEMENT')
    await rejects(() => tenant.write([...many(1), ...puts(1001)]), 'E_STORE_STATEMENT')
    // Each key fits, and as JSON they are longer than what tells of a write may be.
    await rejects(() => tenant.write(puts(1000, '\u0001'.repeat(500))), 'E_STORE_STATEMENT')
    equal(await tenant.revision(), 0)
  },

  'every comparison': async (_, tenant) => {
    await tenant.write([delegation('d', { uses: 5, state: 'b', max_uses: 7, root: 'b' })])
    const holds = async (guard: object): Promise<boolean> =>
      (await tenant.write([{ require: 'delegations', key: { id: 'd' }, when: [guard as never] }])).applied
    const rows: [string, boolean[]][] = [
      ['=', [false, true, false]],
      ['!=', [true, false, true]],
      ['<', [false, false, true]],
      ['<=', [false, true, true]],
      ['>', [true, false, false]],
      ['>=', [true, true, false]],
    ]
    for (const [is, expected] of rows) {
      const found = await Promise.all([4, 5, 6].map((value) => holds({ column: 'uses', is, value })))
      equal(found, expected, is)
      equal(await Promise.all(['a', 'b', 'c'].map((value) => holds({ column: 'state', is, value }))), expected, is)
      equal(
        await Promise.all([3, 2, 1].map((plus) => holds({ column: 'uses', plus, is, to: 'max_uses' }))),
        expected,
        is,
      )
    }
    equal(await holds({ column: 'state', is: '=', to: 'root' }), true)
    equal(await holds({ column: 'id', is: '<', to: 'root' }), false)
  },

  'null is only null': async (_, tenant) => {
    await tenant.write([delegation('d', { budget: null, max_uses: 0 })])
    const holds = async (guard: object): Promise<boolean> =>
      (await tenant.write([{ require: 'delegations', key: { id: 'd' }, when: [guard as never] }])).applied
    for (const is of ['=', '!=', '<', '<=', '>', '>=']) {
      equal(await holds({ column: 'budget', is, value: 0 }), false, is)
      equal(await holds({ column: 'budget', is, to: 'budget' }), false, is)
      equal(await holds({ column: 'spent', is, to: 'budget' }), false, is)
    }
    equal(await holds({ column: 'budget', is: 'null' }), true)
    equal(await holds({ column: 'budget', is: 'not null' }), false)
    equal(await holds({ column: 'max_uses', is: 'null' }), false)
    equal(await holds({ column: 'max_uses', is: 'not null' }), true)
    equal(await tenant.write([{ update: 'delegations', key: { id: 'd' }, add: { budget: 1 } }]), {
      applied: false,
      failed: 0,
    })
  },

  'sums stay within the safe integers, or the statement fails': async (_, tenant) => {
    await tenant.write([counter('a', largest - 1), counter('b', 1 - largest)])
    const add = (name: string, value: number) =>
      tenant.write([{ update: 'counters', key: { name, window: 0 }, add: { value } }])
    equal(await add('a', 2), { applied: false, failed: 0 })
    equal(await add('a', largest), { applied: false, failed: 0 })
    equal((await add('a', 1)).applied, true)
    equal(await add('b', -2), { applied: false, failed: 0 })
    equal((await add('b', -1)).applied, true)
    equal((await tenant.get('counters', { name: 'a', window: 0 }))?.value, largest)
    equal((await tenant.get('counters', { name: 'b', window: 0 }))?.value, -largest)
    const over = { column: 'value', plus: largest, is: '>', value: largest } as const
    equal((await tenant.write([{ require: 'counters', key: { name: 'a', window: 0 }, when: [over] }])).applied, true)
  },

  'find goes by key, and text by code point': async (_, tenant) => {
    // UTF-16 units, locales and case-blind orders would each arrange these in another way.
    const names = ['', 'A', 'B', 'a', 'a b', 'ab', 'b', 'é', '\u{e000}', '\u{ffff}', '\u{1f600}']
    await tenant.write([...names].reverse().map((name) => counter(name)))
    const named = async (query: object) =>
      (await tenant.find('counters', { limit: 100, ...query })).map(({ name }) => name)
    equal(await named({}), names)
    equal(await named({ descending: true }), [...names].reverse())
    equal(await named({ limit: 2, after: { name: 'a', window: 0 } }), ['a b', 'ab'])
    equal(await named({ limit: 2, after: { name: 'a', window: 0 }, descending: true }), ['B', 'A'])
    equal(await named({ where: [{ column: 'name', is: '>', value: 'é' }] }), names.slice(8))
    equal(await named({ where: [{ column: 'name', is: '=', value: 'AB' }] }), [])
  },

  'find goes by an index and then by key, page by page': async (_, tenant) => {
    const rows = [...'abcdefgh'].map((id, i) =>
      delegation(id, { state: i % 2 ? 'active' : 'revoked', expires_at: i >> 2 }),
    )
    await tenant.write(rows)
    const page = (query: object) => tenant.find('delegations', { by: 'by_expiry', limit: 3, ...query })
    const seen: string[] = []
    let after: object | undefined
    for (;;) {
      const found = await page(after === undefined ? {} : { after })
      seen.push(...found.map(({ id }) => id))
      if (found.length < 3) break
      const { state, expires_at, id } = found.at(-1)!
      after = { state, expires_at, id }
    }
    equal(seen.join(''), 'bdfhaceg')
    const active = [{ column: 'state', is: '=', value: 'active' }]
    const ids = async (query: object) => (await page(query)).map(({ id }) => id).join('')
    equal(await ids({ where: active }), 'bdf')
    equal(await ids({ where: active, descending: true }), 'hfd')
    equal(await ids({ where: [...active, { column: 'expires_at', is: '<', value: 1 }] }), 'bd')
    equal(await ids({ where: [...active, { column: 'expires_at', is: '<=', value: 0 }] }), 'bd')
    equal(await ids({ where: [...active, { column: 'expires_at', is: '>=', value: 1 }], descending: true }), 'hf')
    equal(await ids({ where: [...active, { column: 'expires_at', is: '>', value: 1 }] }), '')
    equal(
      await ids({
        where: [...active, { column: 'id', is: '>', value: 'c' }],
        after: { state: 'active', expires_at: 0, id: 'd' },
      }),
      'fh',
    )
    equal(await ids({ where: [{ column: 'grantor', is: '=', value: 'user:bob' }] }), '')
    equal(
      await ids({
        after: { state: 'active', expires_at: 0, id: 'd' },
        where: [{ column: 'state', is: '=', value: 'revoked' }],
      }),
      'ace',
    )
  },

  'an index follows updates and deletes': async (_, tenant) => {
    await tenant.write([delegation('a'), delegation('b'), delegation('c')])
    await tenant.write([
      { update: 'delegations', key: { id: 'a' }, set: { state: 'revoked' } },
      { delete: 'delegations', key: { id: 'b' } },
    ])
    const ids = async (state: string) =>
      (
        await tenant.find('delegations', {
          by: 'by_grantee',
          where: [
            { column: 'grantee', is: '=', value: 'agent:bot' },
            { column: 'state', is: '=', value: state },
          ],
          limit: 9,
        })
      ).map(({ id }) => id)
    equal(await ids('active'), ['c'])
    equal(await ids('revoked'), ['a'])
  },

  'tenants do not see each other': async (store, tenant) => {
    const other = store.tenant(`${tenant.tenant}-other`)
    await tenant.write([counter('a', 1), revocation('r')])
    equal(await other.revision(), 0)
    equal(await other.get('counters', { name: 'a', window: 0 }), undefined)
    equal(await other.find('counters', { limit: 9 }), [])
    equal((await other.changes(0, 9)).changes, [])
    equal(await other.write([{ delete: 'counters', key: { name: 'a', window: 0 } }]), { applied: false, failed: 0 })
    equal(await other.write([counter('a', 2)]), { applied: true, revision: 1 })
    equal((await tenant.get('counters', { name: 'a', window: 0 }))?.value, 1)
    equal((await store.tenant(tenant.tenant).get('counters', { name: 'a', window: 0 }))?.value, 1)
  },

  'changes tell what to forget, oldest first, a write at a time': async (_, tenant) => {
    equal(await tenant.changes(0, 10), { changes: [], upTo: 0, gap: false, more: false })
    await tenant.write([delegation('a'), delegation('b'), counter('c')])
    await tenant.write([counter('d')])
    await tenant.write([{ update: 'delegations', key: { id: 'a' }, add: { uses: 1 } }])
    await tenant.write([{ delete: 'delegations', key: { id: 'b' } }, revocation('b')])
    const first = {
      revision: 1,
      entries: [
        { table: 'delegations', kind: 'insert', key: ['a'] },
        { table: 'delegations', kind: 'insert', key: ['b'] },
      ],
    }
    const third = { revision: 3, entries: [{ table: 'delegations', kind: 'update', key: ['a'] }] }
    const fourth = {
      revision: 4,
      entries: [
        { table: 'delegations', kind: 'delete', key: ['b'] },
        { table: 'revocations', kind: 'insert', key: ['delegation', 'b'] },
      ],
    }
    equal(await tenant.changes(0, 10), { changes: [first, third, fourth], upTo: 4, gap: false, more: false })
    equal(await tenant.changes(0, 2), { changes: [first, third], upTo: 3, gap: false, more: true })
    equal(await tenant.changes(1, 10), { changes: [third, fourth], upTo: 4, gap: false, more: false })
    equal(await tenant.changes(4, 10), { changes: [], upTo: 4, gap: false, more: false })
    equal(await tenant.changes(0, 10, 'first'), { changes: [fourth], upTo: 4, gap: false, more: false })
  },

  'who is behind what was trimmed is told of the gap': async (_, tenant) => {
    for (const id of ['a', 'b', 'c']) await tenant.write([delegation(id)])
    await tenant.trim(2)
    const { changes, ...rest } = await tenant.changes(0, 10)
    equal([changes.map(({ revision }) => revision), rest], [[3], { upTo: 3, gap: true, more: false }])
    equal((await tenant.changes(2, 10)).gap, false)
    await tenant.trim(1)
    equal((await tenant.changes(1, 10)).gap, true)
    await tenant.trim(99)
    equal(await tenant.changes(3, 10), { changes: [], upTo: 3, gap: false, more: false })
    equal(await tenant.write([delegation('d')]), { applied: true, revision: 4 })
    equal((await tenant.changes(3, 10)).changes.length, 1)
  },

  'concurrent writes: exactly as many as the guard permits': async (_, tenant) => {
    await tenant.write([counter('budget')])
    const take = () =>
      tenant.write([
        {
          update: 'counters',
          key: { name: 'budget', window: 0 },
          add: { value: 3 },
          when: [{ column: 'value', plus: 3, is: '<=', value: 30 }],
        },
      ])
    const results = await Promise.all(Array.from({ length: 16 }, take))
    equal(results.filter(({ applied }) => applied).length, 10)
    equal((await tenant.get('counters', { name: 'budget', window: 0 }))?.value, 30)
    const revisions = results.flatMap((result) => (result.applied ? [result.revision] : []))
    equal(
      revisions.sort((a, b) => a - b),
      [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    )
  },

  'what watch tells': async (_, tenant) => {
    if (tenant.watch === undefined) return
    const told: number[] = []
    let heard = (): void => {}
    const next = new Promise<void>((resolve) => {
      heard = resolve
    })
    const end = await tenant.watch((revision) => {
      told.push(revision)
      if (revision === 2) heard()
    })
    await tenant.write([delegation('a')])
    await tenant.write([delegation('b')])
    await next
    end()
    await tenant.write([delegation('c')])
    await tenant.revision()
    equal(told.at(-1), 2)
  },

  'statements that do not fit the schema are refused before anything runs': async (store, tenant) => {
    const { row } = counter('a')
    const key = { name: 'a', window: 0 }
    const bad: object[] = [
      { insert: 'nothing', row },
      { insert: 'counters', row: { ...row, more: 1 } },
      { insert: 'counters', row: { name: 'a' } },
      { insert: 'counters', row: { ...row, value: '1' } },
      { insert: 'counters', row: { ...row, value: 1.5 } },
      { insert: 'counters', row: { ...row, value: 2 ** 53 } },
      { insert: 'counters', row: { ...row, value: null } },
      { insert: 'counters', row: { ...row, name: 'a\0b' } },
      { insert: 'counters', row: { ...row, name: '\ud800' } },
      { insert: 'counters', row: { ...row, name: 'x'.repeat(513) } },
      { insert: 'counters', row: { ...row, name: 'é'.repeat(257) } },
      { insert: 'counters', row: { ...row, tenant: 'other' } },
      { update: 'counters', key, set: { name: 'b' } },
      { update: 'counters', key },
      { put: 'counters' },
      { put: 'counters', row: { ...row, value: '1' } },
      { put: 'nothing', row },
      { remove: 'counters', key: { name: 'a' } },
      { update: 'counters', key, set: { value: 1 }, add: { value: 1 } },
      { update: 'counters', key: { name: 'a' }, add: { value: 1 } },
      { update: 'counters', key: { ...key, value: 1 }, add: { value: 1 } },
      { update: 'delegations', key: { id: 'a' }, add: { state: 1 } },
      { delete: 'counters', key, when: [{ column: 'nothing', is: '=', value: 1 }] },
      { delete: 'counters', key, when: [{ column: 'value', is: '=', value: 'x' }] },
      { delete: 'counters', key, when: [{ column: 'value', is: '=', value: null }] },
      { delete: 'counters', key, when: [{ column: 'value', is: 'like', value: 1 }] },
      { delete: 'counters', key, when: [{ column: 'value', is: '=', to: 'name' }] },
      { delete: 'counters', key, when: [{ column: 'name', plus: 1, is: '=', value: 'x' }] },
      {},
    ]
    for (const statement of bad) {
      const write = () => tenant.write([counter('first'), statement as never])
      await rejects(write, 'E_STORE_STATEMENT', JSON.stringify(statement).slice(0, 100))
    }
    await rejects(() => tenant.write([]), 'E_STORE_STATEMENT')
    await rejects(() => tenant.find('counters', { limit: 0 }), 'E_STORE_STATEMENT')
    await rejects(() => tenant.find('counters', { limit: 1001 }), 'E_STORE_STATEMENT')
    await rejects(() => tenant.find('counters', { limit: 1, by: 'none' as never }), 'E_STORE_STATEMENT')
    await rejects(() => tenant.find('counters', { limit: 1, after: { name: 'a' } }), 'E_STORE_STATEMENT')
    await rejects(() => tenant.get('counters', { name: 'a' } as never), 'E_STORE_STATEMENT')
    await rejects(async () => store.tenant(''), 'E_STORE_STATEMENT')
    equal(await tenant.find('counters', { limit: 9 }), [])
    equal(await tenant.write([counter('é'.repeat(256))]), { applied: true, revision: 1 })
    equal((await tenant.find('counters', { limit: 9 })).length, 1)
  },
}
