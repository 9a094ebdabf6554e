/** Administration by two processes over each kind of database: of what two do at once, one holds, and both know it afterwards. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AdministeredTenant } from '../../src/pap/administered-tenant.ts'
import { follow } from '../../src/pap/following.ts'
import type { Store } from '../../src/store/port.ts'
import { eachDatabase, type OpenBoth } from '../store/databases.ts'
import { ManualTimer } from '../store/manual-timer.ts'
import { refusal } from '../unit/guard/support.ts'
import { ann, documents, openOver, readers, root, text } from './support.ts'

const page = (name: string) => ({ subject: ann, action: { name }, resource: { type: 'page', id: '1' } })
const document = { subject: ann, action: { name: 'read' }, resource: { type: 'document', id: '999' } }
const numbers = Array.from({ length: 1000 }, (_, i) => i)

let tenants = 0

function checkAdministration(name: string, open: OpenBoth): void {
  describe(name, () => {
    let stores: readonly [Store, Store]
    let tenant: string
    const openBoth = (): Promise<[AdministeredTenant, AdministeredTenant]> =>
      Promise.all([openOver(stores[0], tenant), openOver(stores[1], tenant)])
    /** As the tenant's own. */
    const own = (source: typeof readers) => ({ ...source, text: `tenant: ${tenant}\n${source.text}` })

    beforeAll(async () => {
      stores = await open()
    }, 60_000)
    afterAll(() => Promise.all((stores ?? []).map((store) => store.close())))
    const check = (what: string, run: () => Promise<void>) =>
      test(what, async () => {
        tenant = `administered-${tenants++}`
        await run()
      })

    check('of many who change one revision, one wins', async () => {
      const all = [...(await openBoth()), ...(await openBoth())]
      const ends = await Promise.all(
        all.map((it, i) =>
          it.replace({ sources: [own(text(`rules: [{ id: r${i}, allow: read, on: page }]`))], onto: 0, by: root }).then(
            () => 'made',
            (error: { code: string }) => error.code,
          ),
        ),
      )
      expect(ends.sort()).toEqual([...Array(3).fill('E_POLICY_CONFLICT'), 'made'])
      expect(await all[0]!.revisions.list(10)).toHaveLength(1)
    })

    check('long policies, a rollback, and a restart in the other process', async () => {
      const rules = Array.from(
        { length: 2500 },
        (_, i) => `  - { id: r${i}, allow: 'a${i}', on: page, because: '😀é' }`,
      )
      const long = own(text(`rules:\n${rules.join('\n')}`))
      const [one] = await openBoth()
      await one.replace({ sources: [long], onto: 0, by: root, note: 'quotes \' " and \\' })
      await one.replace({ sources: [own(readers)], onto: 1, by: ann })
      const { revision } = await one.rollBack({ to: 1, onto: 2, by: ann })
      const [, other] = await openBoth()
      expect(other.revision).toBe(3)
      expect(other.engine.image.id).toBe(one.engine.image.id)
      expect(other.engine.evaluate(page('a2499')).decision).toBe(true)
      expect(await other.revisions.sources(3)).toEqual([long])
      expect((await other.revisions.list(10)).map(({ revision, from, note }) => [revision, from, note])).toEqual([
        [3, 1, ''],
        [2, undefined, ''],
        [1, undefined, 'quotes \' " and \\'],
      ])
      expect((await other.revisions.get(3)).digest).toBe(revision.digest)
    })

    check('a thousand tuples and entities, and a change of the other process meanwhile', async () => {
      const [one, other] = await openBoth()
      await one.replace({ sources: [own(documents)], onto: 0, by: root })
      const add = numbers.map((i) => `document:${i}#viewer@user:ann`)
      await one.writeTuples({ add, remove: [], by: root })
      expect(await one.tuples.list({ limit: 1000 })).toHaveLength(1000)
      const put = numbers.map((i) => ({ kind: 'resource', type: 'document', id: `${i}` }) as const)
      await one.writeEntities({ put, remove: [], by: root })
      await Promise.all([
        one.writeEntities({ put: [], remove: put, by: root }),
        other.writeEntities({ put: [{ ...put[0]!, id: 'new' }], remove: [], by: root }),
      ])
      expect((await other.entities.all()).map(({ id }) => id)).toEqual(['new'])
      const [again] = await openBoth()
      expect(again.engine.evaluate(document).decision).toBe(true)
      await again.writeTuples({ add: ['document:999#owner@user:bob'], remove: add.slice(1), by: root })
      expect(again.engine.evaluate(document).decision).toBe(false)
      expect((await again.tuples.list({ limit: 10 })).map(({ subject }) => subject)).toEqual(['user:ann', 'user:bob'])
    })

    check('policies and entities that do not fit each other are not both written', async () => {
      const [one, other] = await openBoth()
      const known = own(text('entities: { subjects: [{ type: user, id: ann }] }\nrules: []'))
      const put = [{ kind: 'subject' as const, type: 'user', id: 'ann' }]
      const ends = await Promise.allSettled([
        one.replace({ sources: [known], onto: 0, by: root }),
        other.writeEntities({ put, remove: [], by: root }),
      ])
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      await openBoth()
    })

    check('the other process follows', async () => {
      const [one, other] = await openBoth()
      const faults: unknown[] = []
      const timer = new ManualTimer()
      const onFault = (error: unknown) => faults.push(error)
      const stop = follow(other, { store: stores[1].tenant(tenant), timer, bound: 100, onFault })
      const later = <T>(look: () => T) =>
        expect.poll(
          async () => {
            await timer.pass(100)
            return look()
          },
          { timeout: 10_000 },
        )
      await one.replace({ sources: [own(documents)], onto: 0, by: root })
      await one.writeTuples({ add: ['document:999#viewer@user:ann'], remove: [], by: root })
      await later(() => other.engine.evaluate(document).decision).toBe(true)
      await one.replace({ sources: [own(readers)], onto: 1, by: root })
      await later(() => other.engine.evaluate(page('read')).decision).toBe(true)
      expect(other.engine.evaluate(document).decision).toBe(false)
      expect(faults).toEqual([])
      stop()
    })

    check('each change leaves an event, and another tenant sees nothing of it', async () => {
      const [one] = await openBoth()
      await one.replace({ sources: [own(readers)], onto: 0, by: root })
      const rows = await stores[1].tenant(tenant).find('decision_log', { limit: 10 })
      expect(rows.map(({ document }) => JSON.parse(document).data)).toMatchObject([
        { action: 'policies:replace', revision: 1 },
      ])
      const stranger = await openOver(stores[1], `${tenant}-not`)
      expect(stranger.revision).toBeUndefined()
      expect(await refusal(stranger.revisions.get(1))).toBe('E_POLICY_REVISION')
    })
  })
}

eachDatabase(checkAdministration)
