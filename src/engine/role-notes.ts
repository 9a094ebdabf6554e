/** What the list of a subject's roles does not show of a role that it lacks: that it is held all the same, or may not be. */
import { Section } from '../../assembly/abi/image.ts'
import { Separation } from '../../assembly/abi/rules.ts'
import type { AttributeValue } from '../policy/document.ts'
import type { Core } from './core.ts'
import type { ReadTest } from './disassemble.ts'
import type { ImageReader } from './image-reader.ts'
import { readRoles } from './request-keys.ts'

/** Of a test of roles that does not hold, and may be shown: the names that it asks for and those that are held. */
interface Lack {
  readonly wanted: readonly string[]
  readonly held: readonly string[]
}

function lackOf({ slot, trust, secret, negated, expected }: ReadTest, actual: AttributeValue = []): Lack | undefined {
  if (slot !== undefined || trust !== undefined || secret || negated) return undefined
  return areNames(expected) && areNames(actual) ? { wanted: expected, held: actual } : undefined
}

function areNames(value: AttributeValue): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string')
}

/** Roles that a test of roles asks for, and that are held, but that the session of the request leaves out. */
export function inactiveNote(
  test: ReadTest,
  actual: AttributeValue | undefined,
  image: ImageReader,
): string | undefined {
  const lack = lackOf(test, actual)
  if (lack === undefined) return undefined
  const held = closureOf(lack.held, image)
  const inactive = lack.wanted.filter((role) => held.has(role))
  if (inactive.length === 0) return undefined
  return `${names(inactive)} ${inactive.length === 1 ? 'is' : 'are'} held, but not active in the session`
}

/**
 * Roles that a test of roles asks for, and that must be separate from what the subject has: with them, it would be denied
 * everything.
 *
 * @param core With the active roles in it, as `match` leaves them.
 */
export function separateNote(
  test: ReadTest,
  actual: AttributeValue | undefined,
  image: ImageReader,
  core: Core,
): string | undefined {
  const separations = separationsOf(image)
  const lack = separations.length === 0 ? undefined : lackOf(test, actual)
  if (lack === undefined) return undefined
  const held = closureOf(lack.held, image)
  const active = new Set(Array.from(readRoles(core), (id) => image.stringAt(id)))
  const notes = lack.wanted.flatMap((role) => {
    const more = closureOf([role], image)
    return separations.flatMap(({ kind, atMost, roles }) => {
      const before = roles.filter((one) => (kind === 'static' ? held : active).has(one))
      const after = roles.filter((one) => before.includes(one) || more.has(one))
      if (after.length <= atMost || after.length === before.length) return []
      const how = kind === 'static' ? 'held' : 'active'
      return [`${names([role])} may not be ${how} together with ${names(before)}`]
    })
  })
  return notes.length === 0 ? undefined : [...new Set(notes)].join(', ')
}

function separationsOf(image: ImageReader): ReturnType<ImageReader['separation']>[] {
  const words = image.words(Section.Separations)
  const all = []
  for (let at = 0; at < words.length; at += Separation.Roles + words[at + Separation.Count]!) {
    all.push(image.separation(all.length))
  }
  return all
}

/** Roles with all that they inherit, as far as policies name it. Roles by id: the names of roles are the first strings. */
function closureOf(held: readonly string[], image: ImageReader): ReadonlySet<string> {
  const words = image.words(Section.Roles)
  const count = words[0]!
  const items = words.subarray(count + 2)
  const closure = new Set<string>()
  for (let role = 0; role < count; role++) {
    if (!held.includes(image.stringAt(role))) continue
    for (const id of items.subarray(words[role + 1], words[role + 2])) closure.add(image.stringAt(id))
  }
  return closure
}

function names(roles: readonly string[]): string {
  return roles.map((role) => JSON.stringify(role)).join(', ')
}
