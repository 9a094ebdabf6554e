/** Conditions on trust: "Trust" of docs/policy-reference.md. */
import type { TrustCondition, TrustSettings } from '../../src/policy/document.ts'
import { actorsOf, isUntrusted } from './chain.ts'
import { parsePath, read, type Scope } from './paths.ts'
import { all, kindOf, type Truth } from './values.ts'

const UNITS: Readonly<Record<string, number>> = { W: 604_800, D: 86_400, H: 3_600, M: 60, S: 1 }

/** Milliseconds. */
function durationOf(text: string): number {
  const parts = [...text.matchAll(/([\d.]+)([WDHMS])/g)]
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * UNITS[unit!]! * 1000, 0)
}

export function evaluateTrust(condition: TrustCondition, scope: Scope): Truth {
  const settings = scope.document.trust!
  const { over = 'all', min = 0, max = settings.scale, otherwise } = condition
  const last = actorsOf(scope.document, scope.request).length - 1
  const actors = over === 'immediate' ? [0] : over === 'root' ? [last] : Array.from({ length: last + 1 }, (_, i) => i)
  const scores = actors.map((actor) => scoreOf(actor, over === 'root', condition.trusted === true, settings, scope))
  const within = (score: number | undefined): Truth => (score === undefined ? 'n.e.' : score >= min && score <= max)
  const truth =
    over === 'minimum' || over === 'product' ? within(together(scores, over, settings.scale)) : all(scores.map(within))
  return truth === 'n.e.' && otherwise !== undefined ? otherwise : truth
}

function together(
  scores: readonly (number | undefined)[],
  over: 'minimum' | 'product',
  scale: number,
): number | undefined {
  const known = scores.filter((score) => score !== undefined)
  if (known.length < scores.length) return undefined
  if (over === 'minimum') return Math.min(...known)
  return known.reduce((product, score) => product * (score / scale), 1) * scale
}

/** What the score of an actor is worth now; undefined when it cannot be said. */
function scoreOf(
  actor: number,
  isRoot: boolean,
  trusted: boolean,
  settings: TrustSettings,
  scope: Scope,
): number | undefined {
  const name = isRoot ? 'chain.root' : actor === 0 ? 'subject' : `chain.ancestors[${actor - 1}]`
  const attribute = (key: string): unknown => {
    const path = `${name}.properties${parsePath(key)
      .map((part) => `[${JSON.stringify(part)}]`)
      .join('')}`
    return trusted && isUntrusted(path, scope) ? undefined : read(path, scope)
  }
  const { scale, decay, floor = 0 } = settings
  const score = attribute(settings.attribute ?? 'trust_score')
  if (kindOf(score) !== 'number' || Number(score) < 0 || Number(score) > scale) return undefined
  const given = Number(score)
  if (decay === undefined) return given
  const updated = instantOf(attribute(settings.updated ?? 'trust_updated_at'))
  if (updated === undefined || scope.now === undefined) return undefined
  if (updated - scope.now > 5 * 60 * 1000) return undefined
  const age = Math.max(0, scope.now - updated)
  const worth =
    'half_life' in decay
      ? given * 0.5 ** (age / durationOf(decay.half_life))
      : given - decay.lose * (age / durationOf(decay.per))
  return Math.max(worth, Math.min(given, floor))
}

/** Milliseconds, or an RFC 3339 time. */
function instantOf(value: unknown): number | undefined {
  if (kindOf(value) === 'number') return Number(value)
  const isTime =
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[-+]\d\d:\d\d)$/.test(value)
  const instant = isTime ? Date.parse(value) : Number.NaN
  return Number.isNaN(instant) ? undefined : instant
}
