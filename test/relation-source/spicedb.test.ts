/** A real SpiceDB server as the source: its own test files, consistency, and decisions. */
import { readdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createEngine } from '../../src/engine/index.ts'
import type { PolicyDocument } from '../../src/policy/document.ts'
import { spiceDbSource } from '../../src/relation-servers/spicedb.ts'
import { decideByRelations } from '../../src/relation-source/decide.ts'
import { loadValidation } from '../../src/spicedb/validation-file.ts'
import { parseReference, parseSubject, type TupleObject } from '../../src/tuple/tuple.ts'
import { call, describeWith, type RelationServer, startServer } from './servers.ts'

const folder = 'test/vectors/spicedb'
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yaml'))
  .sort()

describeWith('spicedb', 'go install github.com/authzed/spicedb/cmd/spicedb@v1.52.0', (program) => {
  let server: RelationServer
  beforeAll(async () => {
    // Each token has a database of its own.
    server = await startServer(
      program,
      (http, grpc) => [
        'serve-testing',
        '--http-enabled',
        `--http-addr=127.0.0.1:${http}`,
        `--grpc-addr=127.0.0.1:${grpc}`,
        '--readonly-grpc-enabled=false',
        '--readonly-http-enabled=false',
        '--skip-release-check',
      ],
      async (url) => (await fetch(`${url}/openapi.json`)).ok,
    )
  })
  afterAll(() => server?.stop())

  async function databaseWith(token: string, schema: string, tuples: readonly TupleObject[]): Promise<string> {
    const as = { ...server, token }
    await call(as, '/v1/schema/write', { schema })
    return tuples.length === 0 ? '' : write(token, tuples)
  }

  /** The token of the moment of the write. */
  async function write(token: string, tuples: readonly TupleObject[]): Promise<string> {
    const updates = tuples.map((tuple) => ({ operation: 'OPERATION_TOUCH', relationship: relationshipOf(tuple) }))
    const { writtenAt } = await call<{ writtenAt: { token: string } }>(
      { ...server, token },
      '/v1/relationships/write',
      { updates },
    )
    return writtenAt.token
  }

  describe('answers as our engine does, and as is asserted', () => {
    let checks = 0
    test.each(files)('%s', async (name) => {
      const { schema, tuples, assertions } = await loadValidation(`${folder}/${name}`, (path) => readFile(path, 'utf8'))
      if (schema.uncovered.length > 0) return
      const text = (parse(await readFile(`${folder}/${name}`, 'utf8')) as { schema: string }).schema
      await databaseWith(name, text, tuples)
      const source = spiceDbSource({
        url: server.url,
        token: name,
        timeout: 10_000,
        consistency: 'fully_consistent',
      })
      for (const { subject, relation, object, context, expected, text: asked } of assertions) {
        const question = { subject: parseSubject(subject), relation, object: parseReference(object) }
        const { holds } = await source.check([question], { context, asOf: undefined })
        expect(holds[0], asked).toBe(expected === 'caveated' ? 'unknown' : expected)
        checks++
      }
    })
    test('and there are many', () => {
      expect(checks).toBeGreaterThan(300)
    })
  })

  describe('decisions', () => {
    const schema = `definition user {}
definition group {
  relation member: user | group#member
}
definition document {
  relation parent: document
  relation viewer: user | group#member
  relation blocked: user
  permission can_read = (viewer + parent->can_read) - blocked
}`
    const policies = {
      version: 1,
      relations: {
        user: {},
        group: { member: ['user', 'group#member'] },
        document: {
          parent: ['document'],
          viewer: ['user', 'group#member'],
          blocked: ['user'],
          can_read: {
            base: { any: ['viewer', { from: 'parent', relation: 'can_read' }] },
            except: 'blocked',
          },
        },
      },
      rules: [{ id: 'readers', allow: 'read', on: 'document', to: { relation: 'can_read' } }],
    } satisfies PolicyDocument
    const tuples = [
      { object: 'document:plan', relation: 'parent', subject: 'document:root' },
      { object: 'document:root', relation: 'viewer', subject: 'group:eng#member' },
      { object: 'group:eng', relation: 'member', subject: 'user:ann' },
      { object: 'group:eng', relation: 'member', subject: 'user:eve' },
      { object: 'document:plan', relation: 'blocked', subject: 'user:eve' },
    ]
    const ask = (id: string, on = 'plan') => ({
      subject: { type: 'user', id },
      action: { name: 'read' },
      resource: { type: 'document', id: on },
    })

    test('as with the tuples in memory; what the server does not take is unknown', async () => {
      await databaseWith('decisions', schema, tuples)
      const source = spiceDbSource({ url: server.url, token: 'decisions', timeout: 10_000 })
      const here = await createEngine({ policies, tuples })
      const away = await createEngine({ policies, tuples: 'elsewhere' })
      for (const id of ['ann', 'eve', 'zoe']) {
        const [found, wanted] = [await decideByRelations(away, { source }, ask(id)), here.evaluate(ask(id))]
        expect([found.status, found.rules, found.code]).toEqual([wanted.status, wanted.rules, wanted.code])
      }
      expect((await decideByRelations(away, { source }, ask('ann', 'a plan'))).code).toBe('relation_unknown')
    })

    test('at least as fresh as a write', async () => {
      await databaseWith('fresh', schema, tuples)
      const away = await createEngine({ policies, tuples: 'elsewhere' })
      let token = ''
      const source = spiceDbSource({
        url: server.url,
        token: 'fresh',
        timeout: 10_000,
        consistency: () => ({ atLeastAsFresh: token }),
      })
      for (let i = 0; i < 20; i++) {
        token = await write('fresh', [{ object: 'group:eng', relation: 'member', subject: `user:u${i}` }])
        expect((await decideByRelations(away, { source }, ask(`u${i}`))).status).toBe('allow')
      }
    })

    test('a moment that is none is refused, and denies', async () => {
      await databaseWith('never', schema, tuples)
      const away = await createEngine({ policies, tuples: 'elsewhere' })
      const faults: unknown[] = []
      const source = spiceDbSource({ url: server.url, token: 'never', consistency: { atLeastAsFresh: 'nonsense' } })
      const settings = { source, onFault: (error: unknown) => void faults.push((error as { code: string }).code) }
      expect((await decideByRelations(away, settings, ask('ann'))).code).toBe('relation_unknown')
      expect(faults).toEqual(['E_RELATION_SOURCE_REFUSED'])
    })
  })
})

function relationshipOf({ object, relation, subject, condition }: TupleObject) {
  const { type, id, relation: of } = parseSubject(subject)
  const resource = parseReference(object)
  const caveat = typeof condition === 'string' ? { name: condition, context: {} } : condition
  return {
    resource: { objectType: resource.type, objectId: resource.id },
    relation,
    subject: { object: { objectType: type, objectId: id }, ...(of !== undefined && { optionalRelation: of }) },
    ...(caveat && { optionalCaveat: { caveatName: caveat.name, context: caveat.context ?? {} } }),
  }
}
