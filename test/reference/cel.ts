/** CEL by another evaluator, @bufbuild/cel, over the same variables. */
import { celEnv, isCelError, isCelList, isCelMap, isCelType, isCelUint, parse, plan } from '@bufbuild/cel'
import { strings } from '@bufbuild/cel/ext'
import { create, isMessage } from '@bufbuild/protobuf'
import { isReflectMessage } from '@bufbuild/protobuf/reflect'
import { DurationSchema, TimestampSchema } from '@bufbuild/protobuf/wkt'

/** A value with its type, as CEL has them; `error` for an expression without one. */
export type ReferenceValue = { readonly type: string; readonly value?: unknown }

const env = celEnv({ funcs: [...strings] })
/** Expressions are planned once. */
const plans = new Map<string, (variables: never) => unknown>()

/** What an expression comes to. Variables are JSON, and `now` in milliseconds. */
export function referenceCel(text: string, variables: Readonly<Record<string, unknown>>, now?: number): ReferenceValue {
  let planned = plans.get(text)
  if (planned === undefined) {
    planned = plan(env, parse(text)) as (variables: never) => unknown
    if (plans.size > 10_000) plans.clear()
    plans.set(text, planned)
  }
  const bound: Record<string, unknown> = { ...timeOf(now) }
  for (const [name, value] of Object.entries(variables)) bound[name] = input(value)
  try {
    return described(planned(bound as never))
  } catch {
    return { type: 'error' }
  }
}

/** The years 1 to 9999; a time outside of them is as good as none. */
function timeOf(now: number | undefined): Record<string, unknown> {
  if (now === undefined || !(now >= -62_135_596_800_000 && now < 253_402_300_800_000)) return {}
  const seconds = Math.floor(now / 1000)
  return { now: create(TimestampSchema, { seconds: BigInt(seconds), nanos: Math.round((now - seconds * 1000) * 1e6) }) }
}

/** Maps as Maps, whose keys are nothing but keys. */
function input(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(input)
  if (typeof value !== 'object' || value === null || isCelUint(value) || isMessage(value)) return value
  return new Map(Object.entries(value).map(([key, one]) => [key, input(one)]))
}

export function described(value: unknown): ReferenceValue {
  if (isCelError(value)) return { type: 'error' }
  if (value === null) return { type: 'null' }
  if (typeof value === 'boolean') return { type: 'bool', value }
  if (typeof value === 'bigint') return { type: 'int', value }
  if (typeof value === 'number') return { type: 'double', value }
  if (typeof value === 'string') return { type: 'string', value }
  if (value instanceof Uint8Array) return { type: 'bytes', value: [...value] }
  if (isCelUint(value)) return { type: 'uint', value: value.value }
  if (isCelType(value)) return { type: 'type', value: value.name }
  if (isCelList(value)) return { type: 'list', value: [...value].map(described) }
  if (isCelMap(value)) {
    return { type: 'map', value: [...value].map(([key, one]) => [described(key), described(one)]) }
  }
  const message = isReflectMessage(value) ? value.message : value
  if (isMessage(message, TimestampSchema)) return time('timestamp', message)
  if (isMessage(message, DurationSchema)) return time('duration', message)
  return { type: 'unknown', value }
}

/** Nanoseconds that are never negative, as the engine has them. */
function time(type: string, { seconds, nanos }: { readonly seconds: bigint; readonly nanos: number }): ReferenceValue {
  const below = nanos < 0
  return { type, value: [below ? seconds - 1n : seconds, below ? nanos + 1_000_000_000 : nanos] }
}
