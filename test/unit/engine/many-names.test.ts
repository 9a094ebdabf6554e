/** Many names: more attributes than have places of their own in the reader, more globs and actions than the core's memory of them has room for. */
import { describe, expect, test } from 'vitest'
import type { AccessRequest } from '../../../src/engine/types.ts'
import type { Rule } from '../../../src/policy/document.ts'
import { ask, engineOf } from './support.ts'

const numbers = Array.from({ length: 40 }, (_, i) => i)

describe('each of forty attributes is read by its own name', () => {
  const roots = ['subject', 'resource', 'context', 'context.deep', 'context.deep.deeper', 'chain.immediate.properties']

  const at = (root: string, values: Readonly<Record<string, number>>): AccessRequest => {
    const [part, ...keys] = root.split('.')
    const nested = keys.reduceRight<Readonly<Record<string, unknown>>>((inner, key) => ({ [key]: inner }), values)
    if (part === 'context') return ask({ context: nested })
    if (part === 'subject') return ask({ subject: values })
    if (part === 'resource') return ask({ resource: values })
    const request = ask()
    return {
      ...request,
      subject: { ...request.subject, on_behalf_of: { type: 'user', id: 'bob', properties: values } },
    }
  }

  test.each(roots)('%s', async (root) => {
    const path = root.startsWith('chain') ? 'chain.ancestors[0].properties' : root
    const rules = numbers.map((i): Rule => ({ id: `rule-${i}`, allow: 'read', when: { [`${path}.name-${i}`]: i } }))
    const engine = await engineOf(rules)
    for (const i of numbers) {
      expect(engine.evaluate(at(root, { [`name-${i}`]: i })).rules).toEqual([`rule-${i}`])
      expect(engine.evaluate(at(root, { [`name-${i}`]: i + 1 })).rules).toEqual([])
    }
    const all = Object.fromEntries(numbers.map((i) => [`name-${i}`, i]))
    expect(engine.evaluate(at(root, all)).rules).toEqual(rules.map(({ id }) => id))
    // Objects that are not plain are asked for their own properties alone.
    const inherited = Object.create(all) as Record<string, number>
    expect(engine.evaluate(at(root, inherited)).rules).toEqual([])
    inherited['name-7'] = 7
    expect(engine.evaluate(at(root, inherited)).rules).toEqual(['rule-7'])
    expect(engine.evaluate(at(root, Object.assign(Object.create(null), all))).rules).toHaveLength(40)
  })
})

test('forty attributes of three roots under the same names are kept apart, whichever of the three is not plain', async () => {
  const roots = ['subject', 'resource', 'context'] as const
  const rules = numbers.flatMap((i) =>
    roots.map((root, r): Rule => ({ id: `${root}-${i}`, allow: 'read', when: { [`${root}.name-${i}`]: 3 * i + r } })),
  )
  const engine = await engineOf(rules)
  const values = roots.map((_, r) => Object.fromEntries(numbers.map((i) => [`name-${i}`, 3 * i + r])))
  const makers = [
    (map: object) => ({ ...map }),
    (map: object) => Object.assign(Object.create(null), map),
    (map: object) => Object.create(map),
  ]
  for (const [plainly, barely, inherits] of [
    [0, 1, 2],
    [1, 2, 0],
    [2, 0, 1],
  ] as const) {
    const maps = values.map((map, r) => makers[r === barely ? 1 : r === inherits ? 2 : 0]!(map))
    const [subject, resource, context] = maps
    const known = [roots[plainly], roots[barely]]
    const expected = rules.flatMap(({ id }) => (known.some((root) => id.startsWith(root)) ? [id] : []))
    expect(engine.evaluate(ask({ subject, resource, context })).rules).toEqual(expected)
    const plain = values.map((map) => ({ ...map }))
    expect(engine.evaluate(ask({ subject: plain[0]!, resource: plain[1]!, context: plain[2]! })).rules).toHaveLength(
      120,
    )
  }
})

test('names that globs match are found again, whatever came between', async () => {
  // 300 names for 64 places; each matches three to nine of the globs.
  const names = Array.from({ length: 300 }, (_, i) => `${'abc'[i % 3]}:${i}`)
  const globs = ['*', 'a:*', 'b:*', 'c:*', '*1', '*2', '*3', '*:1*', '*:2*', 'a:1*', 'a:1*1', '?:11', 'a:111', '*:*1']
  const patterns = globs.map((glob) => new RegExp(`^${glob.replaceAll('*', '.*').replaceAll('?', '.')}$`))
  const engine = await engineOf([
    ...globs.map((glob, i): Rule => ({ id: `glob-${i}`, allow: glob })),
    ...names.map((name, i): Rule => ({ id: `name-${i}`, allow: name })),
  ])
  for (const step of [1, 7, 64, 191]) {
    for (let i = 0; i < 3 * names.length; i++) {
      const number = (i * step) % names.length
      // A name that no policy mentions in between.
      const unknown = { ...ask(), action: { name: `c:${number}x` } }
      for (const request of [{ ...ask(), action: { name: names[number]! } }, unknown]) {
        const { name } = request.action
        const expected = globs.flatMap((_, g) => (patterns[g]!.test(name) ? [`glob-${g}`] : []))
        if (names.includes(name)) expected.push(`name-${names.indexOf(name)}`)
        expect(engine.evaluate(request).rules).toEqual(expected)
      }
    }
  }
})
