/** Operators stand in several lists: what is in one is in all, or it would be taken and never asked for. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { modifiers, operators } from '../../../src/policy/keys.ts'
import { OPERATORS } from '../../property/conditions.ts'

const all = [...operators].sort()

test('random conditions have every operator', () => {
  expect([...OPERATORS].sort(), 'test/property/conditions.ts').toEqual(all)
})

test('the policy reference has every operator', () => {
  const text = readFileSync(new URL('../../../docs/policy-reference.md', import.meta.url), 'utf8')
  const start = text.indexOf('### Operators')
  const table = text.slice(start, text.indexOf('\n###', start + 1))
  const documented = [...table.matchAll(/^\| (`.*?) \|/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(\w+)`/g)].map(([, operator]) => operator),
  )
  expect(documented.sort(), 'docs/policy-reference.md, "Operators"').toEqual([...operators, ...modifiers].sort())
})

test.each(['operators', 'itemOperators'])('the JSON Schema asks for one of them in %s', (name) => {
  const schema = JSON.parse(readFileSync(new URL('../../../policy.schema.json', import.meta.url), 'utf8'))
  const { properties, anyOf } = schema.$defs[name]
  const asked: string[] = anyOf.flatMap(({ required = [] }: { required?: string[] }) => required)
  const had = Object.keys(properties).filter((key) => all.includes(key as (typeof all)[number]))
  expect(asked.sort(), `policy.schema.json, $defs/${name}/anyOf`).toEqual(expect.arrayContaining(had))
})
