/** What all documents of a tenant say together about actors: their types, their chains, the trust in them. */
import type { TrustModel } from './model.ts'
import type { ParsedDocument, Placed } from './parse.ts'
import { quote } from './read.ts'
import { locate, type Report } from './report.ts'
import type { ParsedRule } from './rule.ts'
import { didYouMean } from './suggest.ts'

/** The value that is given once, or several times alike. */
export function single<T>(values: readonly (Placed<T> | undefined)[], key: string, report: Report): T | undefined {
  const given = values.filter((value) => value !== undefined)
  const first = given[0]
  for (const { value, at } of given) {
    if (first === undefined || JSON.stringify(value) === JSON.stringify(first.value)) continue
    report.error('E_CONFLICT', at, `"${key}" is another one at ${locate(first.at, at)}`, 'give it once')
  }
  return first?.value
}

/** Where types of actors are declared, rules name no others. */
export function checkActorTypes(
  documents: readonly ParsedDocument[],
  rules: readonly ParsedRule[],
  report: Report,
): void {
  const declared = documents.flatMap(({ actorTypes }) => (actorTypes === undefined ? [] : [actorTypes.value])).flat()
  if (documents.every(({ actorTypes }) => actorTypes === undefined)) return
  for (const { model, subjectTypes, mentions } of rules) {
    for (const { name, at } of [...subjectTypes, ...mentions.actorTypes]) {
      if (declared.includes(name)) continue
      const advice = didYouMean(name, declared) ?? 'add it to "actor_types"'
      report.inRule(model.id).error('E_ACTOR_TYPE', at, `unknown actor type ${quote(name)}`, advice)
    }
  }
}

/** Conditions on trust need a scale, and bounds that lie on it. */
export function checkTrust(
  documents: readonly ParsedDocument[],
  rules: readonly ParsedRule[],
  report: Report,
): TrustModel | undefined {
  const trust = single(
    documents.map((document) => document.trust),
    'trust',
    report,
  )
  // One that could not be read is reported already.
  if (trust === undefined && report.failed) return undefined
  for (const { model, mentions } of rules) {
    if (mentions.trust.length === 0) continue
    const where = report.inRule(model.id)
    for (const { at, bounds } of mentions.trust) {
      if (trust === undefined) {
        const found = 'the document does not say what trust scores are'
        where.error('E_TRUST', at, found, 'add "trust: { scale: 1 }" or "trust: { scale: 1000 }" to it')
        continue
      }
      for (const { value, at } of bounds.filter((bound) => bound.value > trust.scale)) {
        where.error('E_TRUST', at, `${value} is beyond the scale of 0 to ${trust.scale}`, 'write it on that scale')
      }
    }
  }
  return trust
}
