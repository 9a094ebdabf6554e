/**
 * What has to be the same in every runtime: the recorded decisions, the ids of the images, and how bad input is refused.
 * Plain functions without a test framework, so that any runtime can run them; cases.json is the recording.
 */

/**
 * Runs the suite against the package's exports.
 *
 * @returns {Promise<{ passed: number, failures: string[] }>}
 */
export async function runSuite({ createEngine, definePolicies, formatDiagnostic }, { policies, images, cases }) {
  const failures = []
  let passed = 0
  const check = async (name, work) => {
    try {
      await work()
      passed++
    } catch (error) {
      failures.push(`${name}: ${error instanceof Mismatch ? error.message : (error?.stack ?? error)}`)
    }
  }

  for (const [name, texts] of Object.entries(policies)) {
    const engine = await createEngine({ policies: texts })
    const reloaded = await createEngine({ image: engine.image.bytes })
    const own = cases.filter((each) => each.policies === name)
    await check(`${name}: image id`, () => equal(engine.image.id, images[name]))
    await check(`${name}: image id when loaded from bytes`, () => equal(reloaded.image.id, images[name]))
    for (const [index, { request, now, untrusted, expected }] of own.entries()) {
      const options = now === undefined && untrusted === undefined ? undefined : { now, untrusted }
      await check(`${name} ${index} ${request.action.name}`, () => {
        equal(plain(engine.evaluate(request, options)), expected)
        equal(plain(reloaded.evaluate(request, options)), expected)
        equal(plain(engine.explain(request, options).decision), expected)
      })
    }
    const timeless = own.filter(({ now, untrusted }) => now === undefined && untrusted === undefined)
    await check(`${name}: many at once`, () => {
      const decisions = engine.evaluateMany(timeless.map(({ request }) => request))
      const expected = timeless.map((each) => each.expected)
      equal(decisions.map(plain), expected)
    })
  }

  const rule = { id: 'a', allow: 'read' }
  const request = { subject: { type: 'user', id: 'u' }, action: { name: 'read' }, resource: { type: 'doc', id: 'd' } }

  await check('policies with mistakes are refused, with places', async () => {
    const error = await rejection(createEngine({ policies: 'version: 1\nrules:\n  - id: a\n    alow: read\n' }))
    equal(error.code, 'E_POLICY')
    if (error.diagnostics.length === 0) throw new Error('no diagnostics')
    if (!/^policies:\d+:\d+ /.test(formatDiagnostic(error.diagnostics[0]))) throw new Error(error.message)
  })
  await check('a damaged image is refused', async () => {
    const { image } = await createEngine({ policies: { version: 1, rules: [rule] } })
    const bytes = image.bytes.slice()
    bytes[bytes.length >> 1] ^= 0x10
    equal((await rejection(createEngine({ image: bytes }))).code, 'E_IMAGE')
    equal((await rejection(createEngine({ image: image.bytes.slice(0, -1) }))).code, 'E_IMAGE')
  })
  await check('a request that is none is refused, and the engine lives', async () => {
    const engine = await createEngine({ policies: definePolicies({ version: 1, rules: [rule] }) })
    for (const bad of [null, 'x', {}, { ...request, subject: null }, { ...request, action: { name: 7 } }]) {
      equal((await rejection(async () => engine.evaluate(bad))).code, 'E_REQUEST')
    }
    equal(engine.evaluate(request).status, 'allow')
  })
  await check('policies are replaced whole or not at all', async () => {
    const engine = await createEngine({ policies: { version: 1, rules: [rule] } })
    equal((await rejection(engine.replacePolicies('version: 2'))).code, 'E_POLICY')
    equal(engine.evaluate(request).status, 'allow')
    await engine.replacePolicies({ version: 1, rules: [{ id: 'b', deny: 'read' }] })
    equal(engine.evaluate(request).rules, ['b'])
  })

  return { passed, failures }
}

/** What a recording holds of a decision; the image's id is recorded once for all. */
export function plain({ decision, status, code, reason, rules, obligations, advice }) {
  return { decision, status, code, reason, rules, obligations, advice }
}

async function rejection(work) {
  try {
    await (typeof work === 'function' ? work() : work)
  } catch (error) {
    return error
  }
  throw new Error('nothing was refused')
}

class Mismatch extends Error {}

function equal(actual, expected) {
  const [a, b] = [canonical(actual), canonical(expected)]
  if (a !== b) throw new Mismatch(`got ${a.slice(0, 300)}, expected ${b.slice(0, 300)}`)
}

/** JSON with sorted keys. */
function canonical(value) {
  return JSON.stringify(value, (_, part) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}
