/** Deciding by a proof on an edge: an image, a proof, and no store. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attenuateProof, decideByProof, type VerifiedProof } from '../../../src/identity/index.ts'
import { createEngine } from '../../../src/index.ts'
import type { PolicyDocument } from '../../../src/policy/document.ts'
import { actions, ids, lends, type PlainScope, triples, types } from '../../property/delegation.ts'
import { ask, guardOver, terms, trips } from '../guard/support.ts'
import { ann, bot, botKeys, hour, issued, now, statement, sub, subKeys, verified } from './support.ts'

const engine = await createEngine({ policies: trips })
const book = ask(bot, 'travel:book')
const proof = await verified(await issued())
const decide = (request = book, of: VerifiedProof = proof, more = {}, by = engine) =>
  decideByProof(by, request, of, { now, ...more })

test('it grants what the proof and the policies lend together', async () => {
  expect(await decide()).toMatchObject({
    decision: true,
    status: 'allow',
    code: 'delegated',
    rules: ['people'],
    delegations: [{ id: 'dlg_1', grantor: ann, root: ann, line: ['dlg_1'] }],
  })
  expect(await decide(ask(bot, 'read'))).toMatchObject({ code: 'no_match' })
  expect(await decide(ask(sub, 'travel:book'))).toMatchObject({ code: 'no_match' })
  expect(await decide(ask(bot, 'travel:book', 'frozen'))).toMatchObject({ code: 'matched', decision: false })
  expect(await decide(ask({ ...bot, on_behalf_of: sub }, 'travel:book'))).toMatchObject({ code: 'no_match' })
  expect(await decide(ask({ ...bot, on_behalf_of: ann }, 'travel:book'))).toMatchObject({ code: 'delegated' })
  expect(await decide(ask(ann, 'read'))).toMatchObject({ code: 'matched', decision: true })
})

test('a proof of another tenant says nothing', async () => {
  expect(await decide(book, { ...proof, tenant: 'other' })).toMatchObject({ code: 'no_match' })
})

test('those who lent are judged here, too, unless the issuer is believed', async () => {
  const strangers = await createEngine({ policies: { version: 1, rules: [{ id: 'x', allow: 'x' }] } })
  expect(await decide(book, proof, {}, strangers)).toMatchObject({ decision: false })
  const believed = await decide(book, proof, { judgeGrantors: false }, strangers)
  expect(believed).toMatchObject({ decision: true, code: 'delegated' })
})

test('by the attributes that the issuer signed', async () => {
  const policies = { version: 1, rules: [{ id: 'm', allow: 'travel:*', to: { role: 'manager' } }] } as const
  const managers = await createEngine({ policies })
  expect(await decide(book, proof, {}, managers)).toMatchObject({ decision: false })
  const carried = await verified(await issued({ root: { ...ann, properties: { roles: ['manager'] } } }))
  expect(await decide(book, carried, {}, managers)).toMatchObject({ decision: true, rules: ['m'] })
})

test('all who lent are judged, those between, too, and told of what they hold it by', async () => {
  const planner = { type: 'agent', id: 'planner' }
  const { guard } = await guardOver(trips)
  const lend = (more: object) => guard.delegations.create(terms(more))
  const first = await lend({ grantee: planner, redelegate: 3 })
  const second = await lend({ by: planner, grantor: planner, grantee: sub, parent: first.id, redelegate: 2 })
  const third = await lend({ by: sub, grantor: sub, grantee: bot, parent: second.id, redelegate: 1 })
  const said = await guard.delegations.statement(third.id)
  const whole = await issued(said)
  const other = { type: 'agent', id: 'other' }
  const passed = await attenuateProof(whole, { holder: botKeys, grantee: other, to: subKeys.publicKey, now, id: 'blk' })
  const of = await verified(passed, subKeys)
  expect(of.grantors).toEqual([ann, ann, planner, sub, bot])
  expect(await decide(ask(other, 'travel:book'), of)).toMatchObject({ code: 'delegated' })
  for (const [depth, id] of ['ann', 'planner', 'sub', 'bot'].entries()) {
    const told = { 'state.delegation.depth': { eq: depth - 1, otherwise: false } }
    for (const when of [undefined, ...(depth > 0 ? [told] : [])]) {
      const rule = { id: 'banned', deny: '*', to: { id }, ...(when && { when }) } as const
      const banned = { ...(trips as PolicyDocument), rules: [...(trips as PolicyDocument).rules!, rule] }
      const by = await createEngine({ policies: banned })
      expect(await decide(ask(other, 'travel:book'), of, {}, by), id).toMatchObject({ decision: false })
      await guard.engine.replacePolicies(banned)
      expect(await guard.authorize(ask(bot, 'travel:book')), id).toMatchObject({ decision: false })
    }
  }
})

test('those between by the attributes that the issuer signed', async () => {
  const suspended = { ...sub, properties: { suspended: true } }
  const line = { line: ['dlg_0', 'dlg_1'], grantor: sub, scopes: [...statement.scopes, ...statement.scopes] }
  const away = { id: 'away', deny: '*', when: { 'subject.suspended': { eq: true, otherwise: false } } } as const
  const policies = { ...(trips as PolicyDocument), rules: [...(trips as PolicyDocument).rules!, away] }
  const by = await createEngine({ policies })
  const between = async (grantor: typeof sub) => verified(await issued({ ...line, grantors: [ann, grantor] }))
  expect(await decide(book, await between(sub), {}, by)).toMatchObject({ decision: true })
  expect(await decide(book, await between(suspended), {}, by)).toMatchObject({ decision: false })
})

test('it ends, although it was verified before', async () => {
  const kept = await verified(await issued(), botKeys, { tolerance: 5000 })
  for (const [of, end] of [
    [proof, now + hour],
    [kept, now + hour + 5000],
  ] as const) {
    expect(await decide(book, of, { now: end - 1 })).toMatchObject({ code: 'delegated' })
    for (const later of [end, new Date(end), end + hour, undefined])
      expect(await decide(book, of, { now: later })).toMatchObject({ decision: false, code: 'no_match' })
  }
})

test('what must not be lent is not', async () => {
  const policies = { version: 1, rules: [{ id: 'p', allow: '*', to: { type: 'user' }, delegable: false }] } as const
  expect(await decide(book, proof, {}, await createEngine({ policies }))).toMatchObject({ decision: false })
})

test('what is counted is granted where it is counted', async () => {
  const metered = await verified(await issued({ metered: true }))
  expect(await decide(book, metered)).toMatchObject({ decision: false, status: 'deny', code: 'delegation_metered' })
})

test('rules see the delegation, and conditions of every block hold', async () => {
  const policies = {
    version: 1,
    rules: [
      { id: 'p', allow: '*', to: { type: 'user' } },
      {
        id: 'far',
        deny: '*',
        when: { 'state.delegation.depth': { gte: 1, otherwise: false } },
        unless: { 'context.far': { eq: true, otherwise: false } },
      },
    ],
  } as const
  const by = await createEngine({ policies })
  const scopes = [[{ actions: 'travel:*', on: 'trip', when: { 'context.price': { lte: 100 } } }]]
  const first = await issued({ scopes })
  const passed = await attenuateProof(first, { holder: botKeys, grantee: sub, to: subKeys.publicKey, now, id: 'blk' })
  const request = (price: number, far: boolean) => ({ ...ask(sub, 'travel:book'), context: { price, far } })
  const second = await verified(passed, subKeys)
  expect(await decide(request(100, true), second, {}, by)).toMatchObject({ decision: true })
  expect(await decide(request(101, true), second, {}, by)).toMatchObject({ decision: false })
  expect(await decide(request(100, false), second, {}, by)).toMatchObject({ decision: false })
})

test('random chains never widen: what a block grants, each before it grants to its own holder', async () => {
  const people = await createEngine({
    policies: { version: 1, rules: [{ id: 'p', allow: '*', to: { type: 'user' } }] },
  })
  const pattern = (words: readonly string[]) => fc.constantFrom(...words, '?', '*', `${words[0]}*`)
  const scope: fc.Arbitrary<PlainScope> = fc.record({
    actions: fc.uniqueArray(pattern(actions), { minLength: 1, maxLength: 2 }),
    type: pattern(types),
    ids: fc.uniqueArray(pattern(ids), { minLength: 1, maxLength: 2 }),
  })
  const scopes = fc.array(scope, { minLength: 1, maxLength: 2 })
  /** Mostly inside. */
  const less = (outer: readonly PlainScope[]) =>
    outer.map(({ actions, ...rest }) => ({ ...rest, actions: actions.slice(0, 1) }))
  const real = (all: readonly PlainScope[]) => all.map(({ actions, type, ids }) => ({ actions, on: { type, id: ids } }))
  let made = 0
  await fc.assert(
    fc.asyncProperty(scopes, scopes, fc.boolean(), async (outer, other, narrowed) => {
      const inner = narrowed ? less(outer) : other
      const first = await issued({ scopes: [real(outer)] })
      const terms = { holder: botKeys, grantee: sub, to: subKeys.publicKey, now, id: 'blk' }
      const second = await attenuateProof(first, { ...terms, scopes: real(inner) }).catch(() => undefined)
      const inside = triples.every((triple) => !lends(inner, triple) || lends(outer, triple))
      if (second === undefined) return
      // More is refused than these few texts show, and nothing less.
      expect(inside).toBe(true)
      made++
      const [whole, part] = [await verified(first), await verified(second, subKeys)]
      for (const triple of triples) {
        const request = (subject: typeof bot) => ask(subject, triple.action, triple.id, triple.type)
        const granted = (await decide(request(sub), part, {}, people)).decision
        expect(granted).toBe(lends(inner, triple))
        if (granted) expect((await decide(request(bot), whole, {}, people)).decision).toBe(true)
      }
    }),
    { numRuns: 150 },
  )
  expect(made).toBeGreaterThan(20)
})

test('what is changed after the call is nothing to it', async () => {
  const request = { ...ask(bot, 'read'), context: {} }
  const answer = decide(request)
  request.action = { name: 'travel:book' }
  expect(await answer).toMatchObject({ decision: false })
  const scopes = [[{ actions: 'travel:book', on: 'trip', when: { 'context.ok': { eq: true } } }]]
  const context = { ok: false }
  const conditional = decide({ ...book, context }, { ...proof, scopes })
  context.ok = true
  expect(await conditional).toMatchObject({ decision: false })
})
