/** Secrets are compared in constant time: by reading the sources, since a clock would not show it reliably. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from '../docs/markdown.ts'

const folder = join(root, 'src/service/auth')
const sources = new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'utf8')]))

it.each([
  ['api-keys.ts', 'equalBytes(await hashApiKey(token), record?.hash ?? NO_HASH)'],
  ['proxy-callers.ts', 'equalBytes(given, expected)'],
])('%s compares by equalBytes', (name, call) => {
  expect(sources.get(name)).toContain("import { equalBytes } from '../../http/equal.ts'")
  expect(sources.get(name)).toContain(call)
})

it('no other comparison looks at a hash or a secret', () => {
  // Whether something is there at all, and of what type, is no secret.
  const harmless = /typeof \w+ [!=]==|[!=]==?\s*(?:undefined|null)\b/g
  const comparison =
    /\b(?:hash|sha256|secret|token|key)\b\s*[!=]==?|[!=]==?\s*(?:\w+\.)*(?:hash|sha256|secret(?:\.value)?|token|key)\b/
  const isComparison = (line: string) => comparison.test(line.replace(harmless, ''))
  const found = [...sources].flatMap(([name, text]) =>
    text.split('\n').flatMap((line) => (isComparison(line) ? [`${name}: ${line.trim()}`] : [])),
  )
  expect(found).toEqual([])
  expect(isComparison('if (record.hash === given) return')).toBe(true)
  expect(isComparison('if (given === secret.value) return')).toBe(true)
})
