import { describe, expect, it } from 'vitest'
import { parsePath } from '../../../src/policy/path.ts'

describe('parsePath', () => {
  it.each<[string, string, (string | number)[], boolean]>([
    ['subject.id', 'subject', ['id'], true],
    ['subject["id"]', 'subject', ['id'], true],
    ['subject.properties.id', 'subject', ['id'], false],
    ['subject.properties.properties.x', 'subject', ['properties', 'x'], false],
    ['subject.zone', 'subject', ['zone'], false],
    ['subject.name', 'subject', ['name'], false],
    ['resource.type', 'resource', ['type'], true],
    ['action.name', 'action', ['name'], true],
    ['action.type', 'action', ['type'], false],
    ['context.items[0].price', 'context', ['items', 0, 'price'], false],
    ['context.items.0', 'context', ['items', '0'], false],
    ['context["x.y"]["\\u0041\\""].z', 'context', ['x.y', 'A"', 'z'], false],
    ['context.properties.x', 'context', ['properties', 'x'], false],
    ['context.größe-1_2', 'context', ['größe-1_2'], false],
    ['context.__proto__', 'context', ['__proto__'], false],
    ['now', 'now', [], false],
    ['item', 'item', [], false],
    ['item[0].x', 'item', [0, 'x'], false],
  ])('%s', (text, root, keys, fixed) => {
    expect(parsePath(text, true)).toEqual({ root, keys, fixed, text })
  })

  it.each([
    ['', 'the path is empty'],
    ['subject', '"subject" is a map'],
    ['subject.properties', '"subject.properties" is a map'],
    ['subject.properties[0]', '"subject.properties" is a map, not a list'],
    ['context[0]', '"context" is a map, not a list'],
    ['resource.id.x', '"resource.id" is a string and has no parts'],
    ['now.x', '"now" is a number and has no parts'],
    ['item', '"item" means something only inside'],
    ['foo.bar', 'nothing is called "foo"'],
    ['context..a', 'has an unexpected "."'],
    ['context.a b', 'has an unexpected " "'],
    ['.context', 'has an unexpected "."'],
    ['context.a[-1]', 'has a bad part in brackets'],
    ['context.a[01]', 'has a bad part in brackets'],
    ["context['a']", 'has a bad part in brackets'],
    ['context["a]', 'has a bad part in brackets'],
    ['context["\\x"]', 'has a bad part in brackets'],
    ['context.a[65536]', 'the index 65536 is above 65535'],
    [`context${'.a'.repeat(33)}`, 'more than 32 parts'],
  ])('refuses %s', (text, message) => {
    expect(() => parsePath(text, false)).toThrow(message)
  })
})
