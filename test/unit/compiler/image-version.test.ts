/** What stands in images is read by its numbers: an image that was compiled before must not mean something else. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { Magic } from '../../../assembly/abi/image.ts'

/** All that an image is made of; frames, tuples and decisions are of one run. */
const parts = ['cel', 'condition', 'image', 'json', 'regex', 'relations', 'rules', 'time', 'trust']

/** Of the version that is said beside it. */
const recorded = { version: 5, digest: 'c335bcbde9858a8f' }

test('the numbers in images are those of their version', () => {
  const members = parts.flatMap((part) => {
    const code = readFileSync(new URL(`../../../assembly/abi/${part}.ts`, import.meta.url), 'utf8')
    const enums = [...code.matchAll(/export const enum (\w+) \{(.*?)\n\}/gs)]
    // What loading says is in no image.
    const stored = enums.filter(([, name]) => name !== 'LoadFault')
    return stored.flatMap(([, name, body = '']) =>
      [...body.matchAll(/^ {2}(\w+) = ([^,]+),/gm)].map(([, member, value]) => `${part}.${name}.${member}=${value}`),
    )
  })
  expect(members.length).toBeGreaterThan(300)
  const digest = createHash('sha256').update(members.join('\n')).digest('hex').slice(0, 16)
  const advice = [
    'assembly/abi has other numbers. Where images that were compiled before would mean something else: raise Magic.Version in',
    'assembly/abi/image.ts, and run npm run record:runtimes. Then record version and digest here.',
  ].join(' ')
  expect({ version: Magic.Version, digest }, advice).toEqual(recorded)
})
