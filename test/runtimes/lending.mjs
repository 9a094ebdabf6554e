/**
 * Lending in every runtime: a guard over the store in memory, a proof of what it lent, narrowed by its holder and verified without the
 * store. Plain functions, as in suite.mjs.
 */

const now = Date.UTC(2026, 0, 1)
const user = { type: 'user', id: 'ann' }
const bot = { type: 'agent', id: 'bot' }
const sub = { type: 'agent', id: 'sub' }
const issuer = 'https://issuer.example'
const audience = 'https://edge.example'

/**
 * @returns {Promise<{ passed: number, failures: string[] }>}
 */
export async function runLending({ createEngine }, { createGuard }, { memoryStore }, identity) {
  const failures = []
  let passed = 0
  const check = (name, holds) => {
    if (holds) passed++
    else failures.push(`lending: ${name}`)
  }

  const policies = { version: 1, rules: [{ id: 'people', allow: 'travel:*', on: 'trip', to: { type: 'user' } }] }
  const engine = await createEngine({ policies })
  const random = (length) => crypto.getRandomValues(new Uint8Array(length))
  const guard = createGuard({ engine, store: memoryStore(), clock: () => now, random })
  const ask = (subject, price) => ({
    subject,
    action: { name: 'travel:book' },
    resource: { type: 'trip', id: 't' },
    context: { price },
  })
  const cheap = [{ actions: 'travel:*', on: 'trip', when: 'context.price <= 100' }]
  const terms = { by: user, grantor: user, grantee: bot, scopes: cheap }
  const counted = await guard.delegations.create({ ...terms, maxUses: 1, budget: { amount: '1.00', unit: 'EUR' } })
  const use = () => guard.authorizeAndConsume(ask(bot, 100), { cost: { amount: '0.75', unit: 'EUR' } })
  check('a use is granted', (await use()).paid[0]?.budget?.amount === '0.25')
  check('and no other', (await use()).code === 'delegation_spent')
  await guard.delegations.revoke(counted.id, { by: user })

  const [issuing, holding, narrowing] = await Promise.all([newKeys(), newKeys(), newKeys()])
  const lent = await guard.delegations.create({ ...terms, redelegate: 1 })
  const statement = await guard.delegations.statement(lent.id)
  const key = issuing.privateKey
  const proof = await identity.issueProof(statement, {
    issuer,
    key,
    holder: holding.publicKey,
    expiresAt: now + 1000,
    now,
  })
  const part = {
    holder: holding,
    grantee: sub,
    to: narrowing.publicKey,
    scopes: [{ actions: 'travel:book', on: 'trip' }],
  }
  const passedOn = await identity.attenuateProof(proof, { ...part, now, id: 'part' })
  const wider = identity.attenuateProof(proof, { ...part, scopes: [{ actions: '*' }], now, id: 'wider' })
  check('what is wider is refused', (await wider.catch((error) => error)).code === 'E_PROOF_EXCEEDS')

  const list = async () => {
    const text = await identity.issueRevocationList({ issuer, key, ids: await guard.delegations.revoked(), now })
    return identity.readRevocationList(text, { issuer, key: issuing.publicKey, now })
  }
  const verify = async (revocations) => {
    const dpop = await identity.proveByDpop({
      holder: narrowing,
      proof: passedOn,
      method: 'POST',
      url: audience,
      now,
      id: 'once',
    })
    const holder = { kind: 'dpop', dpop, method: 'POST', url: audience, seen: () => false }
    const expected = { issuer, key: issuing.publicKey, tenant: 'default', audience, now, holder }
    return identity.verifyProof(passedOn, { ...expected, revocations: { list: revocations, within: 0 } })
  }
  const verified = await verify(await list())
  check('its part is verified', verified.grantee.id === 'sub' && verified.line.length === 2)
  const edge = await createEngine({ image: engine.image.bytes })
  const decide = async (price) => (await identity.decideByProof(edge, ask(sub, price), verified, { now })).code
  check('and grants', (await decide(100)) === 'delegated')
  check('under its conditions', (await decide(101)) === 'no_match')
  await guard.delegations.revoke(lent.id, { by: user })
  const revoked = await verify(await list()).catch((error) => error)
  check('until it is revoked', revoked.code === 'E_PROOF_REVOKED')
  return { passed, failures }
}

function newKeys() {
  return crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])
}
