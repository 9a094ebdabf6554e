/** What createEngine takes, and what it says of options that do not fit together. */
import { describe, expect, test } from 'vitest'
import { createEngine } from '../../../src/engine/index.ts'
import { PolicyError } from '../../../src/policy/diagnostic.ts'
import { ask } from './support.ts'

const open = { version: 1, rules: [{ id: 'open', allow: 'read' }] } as const
const acme = 'version: 1\ntenant: acme\nrules: [{ id: a, allow: read }]'
const globex = 'version: 1\ntenant: globex\nrules: [{ id: g, deny: read }]'

describe('policies or an image', () => {
  test('neither is E_USAGE', async () => {
    await expect(createEngine({})).rejects.toMatchObject({ name: 'SallyportError', code: 'E_USAGE' })
  })

  test('both are E_USAGE', async () => {
    const { image } = await createEngine({ policies: open })
    await expect(createEngine({ policies: open, image: image.bytes })).rejects.toMatchObject({ code: 'E_USAGE' })
  })

  test.each([
    ['an object', open],
    ['YAML text', 'version: 1\nrules:\n  - id: open\n    allow: read\n'],
    ['JSON text', JSON.stringify(open)],
    ['text with a name', { name: 'open.yaml', text: 'version: 1\nrules: [{ id: open, allow: read }]' }],
    ['several sources', ['version: 1', open]],
  ])('%s decides', async (_, policies) => {
    const engine = await createEngine({ policies })
    expect(engine.evaluate(ask())).toMatchObject({ status: 'allow', rules: ['open'] })
  })

  test('an image decides as its policies', async () => {
    const { image } = await createEngine({ policies: open })
    const engine = await createEngine({ image: image.bytes })
    expect(engine.image.id).toBe(image.id)
    expect(engine.evaluate(ask()).rules).toEqual(['open'])
  })

  test('no policies at all are an engine that denies', async () => {
    const engine = await createEngine({ policies: [] })
    expect(engine.tenant).toBe('default')
    expect(engine.evaluate(ask())).toMatchObject({ decision: false, code: 'no_policies' })
  })

  test('mistakes are a PolicyError that lists them all', async () => {
    const failure = createEngine({ policies: 'version: 1\nrules:\n  - { id: a, alow: read }\n  - { allow: read }\n' })
    await expect(failure).rejects.toBeInstanceOf(PolicyError)
    await expect(failure).rejects.toMatchObject({ code: 'E_POLICY' })
    const diagnostics = await failure.then(
      () => [],
      (error: PolicyError) => error.diagnostics,
    )
    expect(diagnostics.map(({ place }) => place.line)).toEqual(expect.arrayContaining([3, 4]))
  })
})

describe('tenants', () => {
  test('the only tenant need not be named', async () => {
    expect((await createEngine({ policies: acme })).tenant).toBe('acme')
  })

  test('one of several is chosen', async () => {
    const engine = await createEngine({ policies: [acme, globex], tenant: 'globex' })
    expect(engine.tenant).toBe('globex')
    expect(engine.evaluate(ask()).rules).toEqual(['g'])
  })

  test('several and none chosen is E_TENANT, and names them', async () => {
    const failure = createEngine({ policies: [acme, globex] })
    await expect(failure).rejects.toMatchObject({ code: 'E_TENANT', message: expect.stringMatching(/acme.*globex/) })
  })

  test('a tenant that is not there is E_TENANT', async () => {
    await expect(createEngine({ policies: acme, tenant: 'globex' })).rejects.toMatchObject({ code: 'E_TENANT' })
  })

  test('the image of another tenant is E_TENANT', async () => {
    const { image } = await createEngine({ policies: acme })
    await expect(createEngine({ image: image.bytes, tenant: 'globex' })).rejects.toMatchObject({ code: 'E_TENANT' })
    expect((await createEngine({ image: image.bytes, tenant: 'acme' })).tenant).toBe('acme')
  })
})
