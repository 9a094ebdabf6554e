/** Trust scores: where a document says they are (`trust` at the top), and conditions on them (`trust` in a condition). */
import { fixedDuration } from './duration.ts'
import { decayKeys, trustKeys, trustScopes, trustSettingKeys } from './keys.ts'
import type { Condition, TrustDecay, TrustModel } from './model.ts'
import type { Entry, MapNode, Node } from './node.ts'
import type { Scope } from './operator.ts'
import { parsePath } from './path.ts'
import { describe, quote, readBoolean, readRecord, readString, wrongType } from './read.ts'
import { attempt } from './refusal.ts'
import type { Report } from './report.ts'
import { didYouMean } from './suggest.ts'

const defaultAttribute = 'trust_score'
const defaultUpdated = 'trust_updated_at'

/** Reads the document's `trust`. */
export function readTrustSettings(node: Node, report: Report): TrustModel | undefined {
  const advice = 'write { scale: 1 } or { scale: 1000 }'
  const map = readRecord(node, report, '"trust"', trustSettingKeys, { advice })
  if (map === undefined) return undefined
  const scale = readScale(map, report)
  const attribute = readAttribute(map, 'attribute', defaultAttribute, report)
  const updated = readAttribute(map, 'updated', defaultUpdated, report)
  const decay = map.entries.get('decay')
  const decays = decay && readDecay(decay.value, scale, report)
  for (const key of ['updated', 'floor']) {
    const entry = map.entries.get(key)
    if (entry === undefined || decay !== undefined) continue
    report.error('E_KEY', entry.at, `"${key}" says nothing without "decay"`, 'add "decay", or leave it out')
  }
  const floor = map.entries.get('floor')
  const least = floor === undefined ? 0 : readScore(floor, '"floor"', scale, report)
  if (scale === undefined || attribute === undefined || updated === undefined || least === undefined) return undefined
  return { scale, attribute, updated, decay: decays, floor: least }
}

function readScale(map: MapNode, report: Report): 1 | 1000 | undefined {
  const node = map.entries.get('scale')?.value
  if (node === undefined) {
    report.error('E_MISSING', map.at, '"trust" has no scale', 'write scale: 1 or scale: 1000')
    return undefined
  }
  if (node.kind === 'scalar' && (node.scalar === 1 || node.scalar === 1000)) return node.scalar
  if (node.kind === 'broken') return wrongType(node, report, '', '')
  report.error('E_TRUST', node.at, `the scale of trust cannot be ${describe(node)}`, 'write 1 (0–1) or 1000 (0–1000)')
  return undefined
}

/** The keys of a property of actors. */
function readAttribute(map: MapNode, key: 'attribute' | 'updated', usual: string, report: Report) {
  const entry = map.entries.get(key)
  if (entry === undefined) return [usual]
  const text = readString(entry.value, report, `"${key}"`)
  if (text === undefined) return undefined
  const path = attempt(report, 'E_PATH', entry.value.at, '', () => parsePath(`subject.properties.${text}`, false))
  return path?.keys
}

function readDecay(node: Node, scale: number | undefined, report: Report): TrustDecay | undefined {
  const advice = 'write { half_life: P7D } or { per: P1D, lose: 0.05 }'
  const map = readRecord(node, report, '"decay"', decayKeys, { advice })
  if (map === undefined) return undefined
  const halfLife = map.entries.get('half_life')
  const per = map.entries.get('per')
  const lose = map.entries.get('lose')
  if ((halfLife === undefined) === (per === undefined) || (per === undefined) !== (lose === undefined)) {
    if (map.problems.length === 0)
      report.error('E_TRUST', map.at, '"decay" is either a half-life or a loss in some time', advice)
    return undefined
  }
  const period = readPeriod((halfLife ?? per)!, report)
  if (lose === undefined) return period === undefined ? undefined : { kind: 'half_life', period }
  const loses = readScore(lose, '"lose"', scale, report)
  if (loses === 0) report.error('E_TRUST', lose.value.at, '"lose" is 0, which loses nothing', 'leave "decay" out')
  return period !== undefined && loses ? { kind: 'linear', period, lose: loses } : undefined
}

function readPeriod(entry: Entry, report: Report): number | undefined {
  const text = readString(entry.value, report, 'a duration')
  return text === undefined ? undefined : attempt(report, 'E_TRUST', entry.value.at, '', () => fixedDuration(text))
}

/** A number from 0 to the scale; up to 1000 while the scale is not known. */
function readScore(
  { value: node }: Entry,
  what: string,
  scale: number | undefined,
  report: Report,
): number | undefined {
  if (node.kind === 'broken') return wrongType(node, report, '', '')
  const most = scale ?? 1000
  if (node.kind === 'scalar' && typeof node.scalar === 'number' && node.scalar >= 0 && node.scalar <= most)
    return node.scalar
  report.error('E_TRUST', node.at, `${what} cannot be ${describe(node)}`, `write a number from 0 to ${most}`)
  return undefined
}

/** Reads a condition on trust. Whether the document has a scale, and the bounds lie on it, is checked by merge.ts. */
export function readTrust(node: Node, { report, mentions }: Scope): Condition | undefined {
  const advice = 'write { min: 0.7, over: all }'
  const map = readRecord(node, report, '"trust"', trustKeys, { advice })
  if (map === undefined) return undefined
  const min = map.entries.get('min')
  const max = map.entries.get('max')
  if (min === undefined && max === undefined) {
    if (map.problems.length === 0) report.error('E_MISSING', map.at, '"trust" has neither min nor max', advice)
    return undefined
  }
  const bound = (entry: Entry | undefined, what: string) => entry && readScore(entry, what, undefined, report)
  const bounds = { min: bound(min, '"min"'), max: bound(max, '"max"') }
  mentions.trust.push({
    at: map.at,
    bounds: [min, max].flatMap((entry, i) => {
      const value = i === 0 ? bounds.min : bounds.max
      return entry === undefined || value === undefined ? [] : [{ value, at: entry.value.at }]
    }),
  })
  if (bounds.min !== undefined && bounds.max !== undefined && bounds.min > bounds.max) {
    report.error('E_TRUST', map.at, `no score is at least ${bounds.min} and at most ${bounds.max}`, 'swap min and max')
  }
  const over = map.entries.get('over')
  const scope = over === undefined ? 'all' : readScope(over.value, report)
  const flag = (key: 'trusted' | 'otherwise') => {
    const entry = map.entries.get(key)
    return entry && readBoolean(entry.value, report, `"${key}"`)
  }
  const trusted = flag('trusted') === true
  const otherwise = flag('otherwise')
  if (scope === undefined || (bounds.min === undefined && bounds.max === undefined)) return undefined
  const test: Condition = { kind: 'trust', over: scope, ...bounds, trusted }
  return otherwise === undefined ? test : { kind: 'otherwise', of: test, value: otherwise }
}

function readScope(node: Node, report: Report) {
  const word = readString(node, report, '"over"')
  if (word === undefined) return undefined
  const scope = trustScopes.find((known) => known === word)
  if (scope === undefined)
    report.error('E_TRUST', node.at, `trust is not taken over ${quote(word)}`, didYouMean(word, trustScopes))
  return scope
}
