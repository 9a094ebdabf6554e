/** Paths into the actor chain: `chain.depth`, `chain.root.type`, `chain.immediate.level`, `chain.ancestors[0].id`. */
import type { AttributePath } from './model.ts'
import { Refusal } from './refusal.ts'
import { didYouMean } from './suggest.ts'

const parts = ['depth', 'root', 'immediate', 'ancestors'] as const

type Keys = readonly (string | number)[]

/** Resolves what follows `chain`. The subject is the immediate actor, so that `chain.immediate.x` is `subject.x`. */
export function resolveChain(keys: Keys, text: string): AttributePath {
  const [part, second, ...rest] = keys
  if (part === undefined) throw new Refusal('"chain" is a map', `name one of its parts: ${parts.join(', ')}`)
  switch (part) {
    case 'depth':
      if (second !== undefined) throw new Refusal('"chain.depth" is a number and has no parts', 'write chain.depth')
      return { root: 'chain', keys: [part], fixed: false, always: 'number', text }
    case 'root': {
      const { keys: below, ...always } = actorPart('chain.root', keys.slice(1))
      return { root: 'chain', keys: [part, ...below], fixed: false, ...always, text }
    }
    case 'immediate': {
      const { keys: below, always } = actorPart('chain.immediate', keys.slice(1))
      if (always !== undefined) return { root: 'subject', keys: below, fixed: true, text }
      return { root: 'subject', keys: below.slice(1), fixed: false, text }
    }
    case 'ancestors': {
      if (second === undefined) return { root: 'chain', keys: [part], fixed: false, always: 'list', text }
      if (typeof second !== 'number') {
        const advice =
          'write { chain.ancestors: { any_matches: { item.type: … } } }, or chain.ancestors[0] for the nearest'
        throw new Refusal('"chain.ancestors" is a list', advice)
      }
      const { keys: below, ...always } = actorPart(`chain.ancestors[${second}]`, rest)
      return { root: 'chain', keys: [part, second, ...below], fixed: false, ...always, text }
    }
    default:
      throw new Refusal(
        `a chain has no part ${JSON.stringify(part)}`,
        typeof part === 'string' ? didYouMean(part, parts) : `write one of ${parts.join(', ')}`,
      )
  }
}

/**
 * What follows an actor: its type, its id, or one of its properties, whose keys then start with `properties`.
 *
 * @throws Refusal
 * @example actorPart('chain.root', ['zone']) // { keys: ['properties', 'zone'] }
 */
export function actorPart(actor: string, keys: Keys): { readonly keys: Keys; readonly always?: 'string' } {
  const [first, second] = keys
  if (first === undefined || (first === 'properties' && second === undefined)) {
    const advice = `name what is meant: ${actor}.type, ${actor}.id or one of its properties`
    throw new Refusal(`"${[actor, ...keys].join('.')}" is a map`, advice)
  }
  if (typeof first === 'number' || (first === 'properties' && typeof second === 'number')) {
    throw new Refusal(`"${actor}" is a map, not a list`, `name one of its properties: ${actor}.NAME`)
  }
  if (first === 'properties') return { keys }
  if (first !== 'type' && first !== 'id') return { keys: ['properties', ...keys] }
  if (second !== undefined) {
    const advice = `for a property of that name write ${actor}.properties.${first}`
    throw new Refusal(`"${actor}.${first}" is a string and has no parts`, advice)
  }
  return { keys: [first], always: 'string' }
}
