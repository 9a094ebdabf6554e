/** Proofs: issued, narrowed by their holders, verified without a store. */
import { base64url, decodeJwt, decodeProtectedHeader, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { LISTED_AFTER_END, MOST_TOLERANCE } from '../../../src/delegation/grace.ts'
import { attenuateProof, issueProof, issueRevocationList, readRevocationList } from '../../../src/identity/index.ts'
import { ann as annGuard, bot as botGuard, guardOver, refusal, start, terms, trips } from '../guard/support.ts'
import {
  ann,
  audience,
  bot,
  botKeys,
  hour,
  issued,
  issuer,
  issuerKeys,
  now,
  otherKeys,
  publicJwk,
  statement,
  sub,
  subKeys,
  verified,
} from './support.ts'

const narrow = (proof: string, more: object = {}) =>
  attenuateProof(proof, {
    holder: botKeys,
    grantee: sub,
    to: subKeys.publicKey,
    scopes: [{ actions: 'travel:book', on: 'trip' }],
    now,
    id: 'blk_1',
    ...more,
  })

describe('one block', () => {
  test('says who lent what to whom', async () => {
    const proof = await issued({ root: { ...ann, properties: { roles: ['manager'] } } })
    expect(decodeProtectedHeader(proof)).toEqual({ typ: 'delegation-proof+jwt', alg: 'EdDSA' })
    expect(await verified(proof)).toEqual({
      issuer,
      tenant: 'default',
      grantee: bot,
      grantor: ann,
      root: { ...ann, properties: { roles: ['manager'] } },
      grantors: [ann, ann],
      line: ['dlg_1'],
      scopes: statement.scopes,
      expiresAt: now + hour,
      metered: false,
    })
  })

  test('holds no private key, whatever is given', async () => {
    const { d, ...rest } = { ...(await publicJwk(botKeys.publicKey)), d: 'secret' }
    const proof = await issued({}, { holder: { ...rest, d } })
    expect(decodeJwt(proof).cnf).toEqual({ jwk: rest })
    await expect(issued({}, { holder: botKeys.privateKey })).rejects.toMatchObject({ code: 'E_PROOF' })
    const { publicKey } = await generateKeyPair('ES256')
    await expect(issued({}, { holder: publicKey })).rejects.toMatchObject({ code: 'E_PROOF' })
  })

  test('ends with the delegation at the latest', async () => {
    expect((await verified(await issued({ expiresAt: now + 5000 }))).expiresAt).toBe(now + 5000)
    expect(await refusal(issued({ expiresAt: now }))).toBe('E_USAGE')
    expect(await refusal(issued({}, { expiresAt: Number.NaN }))).toBe('E_USAGE')
  })

  test.each<[string, object, string]>([
    ['another issuer', { issuer: 'https://other.example' }, 'E_PROOF'],
    ['another key', { key: otherKeys.publicKey }, 'E_PROOF'],
    ['another tenant', { tenant: 'other' }, 'E_PROOF'],
    ['when it is over', { now: now + hour }, 'E_PROOF_EXPIRED'],
  ])('is refused: %s', async (_, more, code) => {
    expect(await refusal(verified(await issued(), botKeys, more))).toBe(code)
  })

  test('is taken for its tolerance longer, to the millisecond', async () => {
    const proof = await issued()
    for (const tolerance of [0, 1, 500, 999, 1000, 1500]) {
      const end = now + hour + tolerance
      expect((await verified(proof, botKeys, { tolerance, now: end - 1 })).grantee, `${tolerance}`).toEqual(bot)
      expect(await refusal(verified(proof, botKeys, { tolerance, now: end })), `${tolerance}`).toBe('E_PROOF_EXPIRED')
    }
  })

  test('has one text', async () => {
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const first = await issued()
    const proof = await narrow(first)
    // Of the last character of 64 bytes four bits are read by nobody.
    const others = [first.length - 1, proof.length - 1].flatMap((at) => {
      const texts = [...digits].map((digit) => proof.slice(0, at) + digit + proof.slice(at + 1))
      return texts.filter((text) => text !== proof)
    })
    const spaced = [`${proof} `, `${proof}\n`, ` ${proof}`, `${proof}=`, `${proof}==`, proof.replace('~', '~\t')]
    for (const text of [...others, ...spaced]) expect(await refusal(verified(text, subKeys)), text).toBe('E_PROOF')
    expect((await verified(proof, subKeys)).grantee).toEqual(sub)
  })

  test('is for its audience', async () => {
    const proof = await issued({}, { audience: [audience, 'https://b.example'] })
    expect((await verified(proof)).grantee).toEqual(bot)
    expect(await refusal(verified(await issued({}, { audience: 'https://b.example' })))).toBe('E_PROOF')
  })

  test('finds its key among several', async () => {
    const proof = await issued({}, { kid: 'k2' })
    const key = async ({ kid }: { kid?: string }) => (kid === 'k2' ? issuerKeys : otherKeys).publicKey
    expect((await verified(proof, botKeys, { key })).grantee).toEqual(bot)
    expect(await refusal(verified(await issued(), botKeys, { key }))).toBe('E_PROOF')
  })

  test('is none, or another kind of token', async () => {
    const other = await new SignJWT(decodeJwt(await issued()))
      .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt' })
      .sign(issuerKeys.privateKey)
    const unsigned = `${base64url.encode('{"alg":"none","typ":"delegation-proof+jwt"}')}.${(await issued()).split('.')[1]}.`
    for (const proof of ['', 'x', 'a.b.c', '~', other, unsigned, 'x'.repeat(70_000)]) {
      expect(await refusal(verified(proof)), proof.slice(0, 20)).toBe('E_PROOF')
    }
  })

  test.each<[string, object]>([
    ['no scopes', { scopes: [] }],
    ['bad scopes', { scopes: [[{ actions: 'a{' }]] }],
    ['unknown keys in scopes', { scopes: [[{ actions: 'a', unles: 'x' }]] }],
    ['half a redelegation', { redelegate: 0.5 }],
    ['nobody', { grantee: { type: 'agent' } }],
    ['no line', { line: undefined }],
    ['another line', { line: ['dlg_0'] }],
    ['not who lent between', { line: ['dlg_0', 'dlg_1'], grantors: undefined }],
    ['too few grantors', { line: ['dlg_0', 'dlg_1'], grantors: [ann] }],
    ['another grantor', { line: ['dlg_0', 'dlg_1'], grantors: [ann, sub] }],
    ['a grantor who is nobody', { line: ['dlg_0', 'dlg_1'], grantors: [{ type: 'user' }, ann] }],
    ['unclear whether metered', { metered: undefined }],
  ])('is refused when it is signed, and says %s', async (_, more) => {
    expect(await refusal(verified(await issued(more as never)))).toBe('E_PROOF')
  })
})

describe('blocks that holders add', () => {
  test('narrow what the proof is about, without the issuer', async () => {
    const proof = await narrow(await issued())
    expect(await verified(proof, subKeys)).toMatchObject({
      grantee: sub,
      grantor: bot,
      root: ann,
      grantors: [ann, ann, bot],
      line: ['dlg_1', 'blk_1'],
      scopes: [[{ actions: 'travel:*', on: 'trip' }], [{ actions: 'travel:book', on: 'trip' }]],
      expiresAt: now + hour,
    })
    const more = { holder: subKeys, to: otherKeys.publicKey, grantee: { type: 'agent', id: 'x' }, id: 'blk_2' }
    const chain = await narrow(await narrow(await issued(), { redelegate: 1 }), { ...more, expiresAt: now + 1000 })
    const third = await verified(chain, otherKeys)
    expect(third).toMatchObject({ line: ['dlg_1', 'blk_1', 'blk_2'], expiresAt: now + 1000 })
    expect(third.scopes.length).toBe(3)
  })

  test.each<[string, object]>([
    ['a wider scope', { scopes: [{ actions: 'travel:*' }] }],
    ['other actions', { scopes: [{ actions: 'read', on: 'trip' }] }],
    ['a later end', { expiresAt: now + hour + 1000 }],
    ['further on', { redelegate: 2 }],
  ])('are not wider: %s', async (_, more) => {
    expect(await refusal(narrow(await issued(), more))).toBe('E_PROOF_EXCEEDS')
  })

  test('are not for others', async () => {
    const proof = await issued({}, { audience: [audience, 'https://b.example'] })
    expect(await refusal(narrow(proof, { audience: 'https://c.example' }))).toBe('E_PROOF_EXCEEDS')
    expect(await refusal(narrow(proof, { audience: [] }))).toBe('E_PROOF_EXCEEDS')
    const own = await narrow(proof, { audience })
    expect((await verified(own, subKeys)).grantee).toEqual(sub)
    expect(await refusal(verified(await narrow(proof, { audience: 'https://b.example' }), subKeys))).toBe('E_PROOF')
  })

  test('are not added where it may not be passed on, nor by others', async () => {
    expect(await refusal(narrow(await issued({ redelegate: 0 })))).toBe('E_PROOF_EXCEEDS')
    expect(await refusal(narrow(await issued(), { holder: otherKeys }))).toBe('E_PROOF_HOLDER')
    expect(await refusal(narrow(await narrow(await issued()), { holder: subKeys }))).toBe('E_PROOF_EXCEEDS')
  })

  /** A block that no honest holder would make. */
  async function forged(proof: string, change: (claims: Record<string, never>) => object, key = botKeys.privateKey) {
    const honest = (await narrow(proof)).split('~').at(-1)!
    const claims = change(decodeJwt(honest) as Record<string, never>)
    const block = await new SignJWT({ ...claims })
      .setProtectedHeader({ alg: 'EdDSA', typ: 'delegation-proof+jwt' })
      .sign(key)
    return `${proof}~${block}`
  }

  test('are refused by verifiers, too, whoever made them', async () => {
    const proof = await issued()
    const other = await issued({ id: 'dlg_2' })
    const delegation = (more: object) => (claims: Record<string, never>) => ({
      ...claims,
      delegation: { ...Object(claims.delegation), ...more },
    })
    expect((await verified(await forged(proof, (claims) => claims), subKeys)).grantee).toEqual(sub)
    const cases: [string, Promise<string>, string][] = [
      ['wider', forged(proof, delegation({ scopes: [[{ actions: '*' }]] })), 'E_PROOF_EXCEEDS'],
      ['another grantor', forged(proof, delegation({ grantor: ann })), 'E_PROOF_EXCEEDS'],
      ['further on', forged(proof, delegation({ redelegate: 2 })), 'E_PROOF_EXCEEDS'],
      ['later', forged(proof, (claims) => ({ ...claims, exp: now / 1000 + 9999 })), 'E_PROOF_EXCEEDS'],
      ['no end', forged(proof, ({ exp: _, ...claims }) => claims), 'E_PROOF'],
      ['by another key', forged(proof, (claims) => claims, otherKeys.privateKey), 'E_PROOF'],
      [
        'of another proof',
        forged(proof, (claims) => claims).then((made) => `${other}~${made.split('~')[1]}`),
        'E_PROOF',
      ],
      ['no way back', forged(proof, ({ prev: _, ...claims }) => claims), 'E_PROOF'],
      ['no scopes', forged(proof, delegation({ scopes: [] })), 'E_PROOF'],
    ]
    for (const [what, made, code] of cases) expect(await refusal(verified(await made, subKeys)), what).toBe(code)
  })

  test('cannot be taken away: without it, its holder has nothing', async () => {
    const proof = await narrow(await issued())
    const [first] = proof.split('~')
    expect(await refusal(verified(first!, subKeys))).toBe('E_PROOF_HOLDER')
  })

  test('are at most seven', async () => {
    let proof = await issued({ redelegate: 7 })
    const holders = [botKeys, subKeys]
    for (let i = 0; i < 7; i++) {
      proof = await narrow(proof, {
        holder: holders[i % 2],
        to: holders[(i + 1) % 2]!.publicKey,
        grantee: { type: 'agent', id: `a${i}` },
        redelegate: 6 - i,
        id: `blk_${i}`,
      })
    }
    expect((await verified(proof, subKeys)).line.length).toBe(8)
    expect(await refusal(verified(`${proof}~${proof.split('~')[1]}`, subKeys))).toBe('E_PROOF')
  })
})

describe('revocations', () => {
  const list = async (ids: string[], at = now) => {
    const text = await issueRevocationList({ issuer, key: issuerKeys.privateKey, ids, now: at })
    return readRevocationList(text, { issuer, key: issuerKeys.publicKey, now })
  }

  test('of any in the line reach what was made of it', async () => {
    const proof = await narrow(await issued({ line: ['dlg_0', 'dlg_1'], grantors: [ann, ann] }))
    for (const id of ['dlg_0', 'dlg_1', 'blk_1']) {
      const revocations = { list: await list([id, 'dlg_9']), within: 1000 }
      expect(await refusal(verified(proof, subKeys, { revocations })), id).toBe('E_PROOF_REVOKED')
    }
    const revocations = { list: await list(['dlg_9']), within: 1000 }
    expect((await verified(proof, subKeys, { revocations })).grantee).toEqual(sub)
  })

  test('are known no later than the verifier demands', async () => {
    const revocations = { list: await list([], now - 2000), within: 1999 }
    expect(await refusal(verified(await issued(), botKeys, { revocations }))).toBe('E_PROOF_STALE')
    const enough = { ...revocations, within: 2000 }
    expect((await verified(await issued(), botKeys, { revocations: enough })).grantee).toEqual(bot)
  })

  test('of an age that is no number are too old, and nobody can demand one', async () => {
    const none = { issuer, has: () => false }
    for (const within of [Number.NaN, -1, undefined as never]) {
      const revocations = { list: { ...none, asOf: now }, within }
      expect(await refusal(verified(await issued(), botKeys, { revocations })), `${within}`).toBe('E_USAGE')
    }
    for (const asOf of [Number.NaN, Number.NEGATIVE_INFINITY, undefined as never]) {
      const revocations = { list: { ...none, asOf }, within: Number.POSITIVE_INFINITY }
      expect(await refusal(verified(await issued(), botKeys, { revocations })), `${asOf}`).toBe('E_PROOF_STALE')
    }
    const revocations = { list: { ...none, asOf: 0 }, within: Number.POSITIVE_INFINITY }
    expect((await verified(await issued(), botKeys, { revocations })).grantee).toEqual(bot)
    expect(await refusal(issued({}, { now: Number.NaN }))).toBe('E_USAGE')
  })

  test('are listed for as long as any verifier takes what was revoked', async () => {
    const { guard, pass } = await guardOver(trips)
    const { id } = await guard.delegations.create(terms({ grantee: botGuard, expiresAt: start + 60_000 }))
    const proof = await issued({ ...(await guard.delegations.statement(id)) })
    await guard.delegations.revoke(id, { by: annGuard })
    for (const passed of [1000, 59_000, 30_000, 30_000, 239_000, 300_000]) {
      pass(passed)
      const revocations = { list: await list([...(await guard.delegations.revoked())]), within: 3_600_000 }
      const more = { revocations, tolerance: MOST_TOLERANCE }
      expect(await refusal(verified(proof, botKeys, more))).toBe('E_PROOF_REVOKED')
    }
    for (const tolerance of [MOST_TOLERANCE + 1, -1, Number.NaN, Number.POSITIVE_INFINITY, '1' as never])
      expect(await refusal(verified(proof, botKeys, { tolerance }))).toBe('E_USAGE')
    for (const time of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(await refusal(verified(proof, botKeys, { now: time }))).toBe('E_USAGE')
  })

  test('are those of the issuer', async () => {
    const text = await issueRevocationList({ issuer, key: otherKeys.privateKey, ids: [], now })
    expect(await refusal(readRevocationList(text, { issuer, key: issuerKeys.publicKey, now }))).toBe('E_PROOF')
    const early = await issueRevocationList({ issuer, key: issuerKeys.privateKey, ids: [], now: now + 5000 })
    expect(await refusal(readRevocationList(early, { issuer, key: issuerKeys.publicKey, now }))).toBe('E_PROOF')
    const foreign = { issuer: 'https://other.example', asOf: now, has: () => false }
    const revocations = { list: foreign, within: 1000 }
    expect(await refusal(verified(await issued(), botKeys, { revocations }))).toBe('E_PROOF')
    expect(await refusal(readRevocationList(await issued(), { issuer, key: issuerKeys.publicKey, now }))).toBe(
      'E_PROOF',
    )
  })
})

describe('from the guard', () => {
  test('a delegation becomes a proof, and its revocation a list', async () => {
    const { guard, pass } = await guardOver(trips)
    const first = await guard.delegations.create(terms({ redelegate: 1, lease: 60_000 }))
    const second = await guard.delegations.create({
      ...terms({ maxUses: 3, expiresAt: start + 90_000 }),
      by: botGuard,
      grantor: botGuard,
      grantee: sub,
      parent: first.id,
    })
    const said = await guard.delegations.statement(second.id)
    expect(said).toEqual({
      id: second.id,
      tenant: 'default',
      line: [first.id, second.id],
      grantors: [annGuard, botGuard],
      root: annGuard,
      grantor: botGuard,
      grantee: sub,
      scopes: [first.scopes, second.scopes],
      expiresAt: start + 60_000,
      redelegate: 0,
      metered: true,
    })
    const key = issuerKeys.privateKey
    const proof = await issueProof(said, {
      issuer,
      key,
      holder: subKeys.publicKey,
      expiresAt: start + hour,
      now: start,
    })
    expect(await verified(proof, subKeys)).toMatchObject({ metered: true, line: [first.id, second.id], root: ann })
    expect(await guard.delegations.revoked()).toEqual([])
    await guard.delegations.revoke(first.id, { by: annGuard })
    expect([...(await guard.delegations.revoked())].sort()).toEqual([first.id, second.id].sort())
    expect(await refusal(guard.delegations.statement(second.id))).toBe('E_DELEGATION_STATE')
    pass(90_000 + LISTED_AFTER_END - 1)
    // Verifiers whose clocks are behind may take it for a while.
    expect((await guard.delegations.revoked()).length).toBe(2)
    expect(await guard.delegations.sweep()).toBe(0)
    pass(1)
    // What has ended by itself need not be listed.
    expect(await guard.delegations.revoked()).toEqual([first.id])
    pass(1)
    expect(await guard.delegations.sweep()).toBe(1)
  })
})
