/** Mistakes in known subjects and resources. Each with its place, and what to write instead. */
import { describe, expect, it } from 'vitest'
import { document, errorsOf } from './support.ts'

describe('one mistake, its place and its message', () => {
  it.each<[string, string, string]>([
    [
      'an entity without id',
      document('entities: { subjects: [{ type: user }] }'),
      '2:24 E_MISSING a subject has no id; write { type: …, id: … }',
    ],
    [
      'an entity twice',
      document('entities: { resources: [{ type: t, id: a }, { type: t, id: a }] }'),
      '2:45 E_DUPLICATE the resource "a" of type "t" occurs twice; the first one is at 2:25; rename or remove one',
    ],
    [
      'roles of a resource',
      document('entities: { resources: [{ type: t, id: a, roles: [x] }] }'),
      '2:43 E_KEY unknown key "roles" in a resource; use one of type, id, properties',
    ],
    [
      'roles among properties',
      document('entities: { subjects: [{ type: t, id: a, properties: { roles: [x] } }] }'),
      '2:56 E_KEY the roles of a subject stand beside its properties, not among them; move "roles" up',
    ],
  ])('%s', (_, text, expected) => {
    expect(errorsOf(text)).toEqual([expected])
  })
})
