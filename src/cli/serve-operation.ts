/** Running `serve`: its flags for logs, metrics, rates and a slow end. */
import { fixedDuration } from '../policy/duration.ts'
import { Refusal } from '../policy/refusal.ts'
import type { AppOptions, Rate, RateOptions } from '../service/app.ts'
import { faultLog, type LogFormat, type LogOptions, requestLog, serviceMetrics } from '../service/observe/index.ts'
import { usage } from './arguments.ts'
import type { Options } from './command.ts'
import { type Io, print } from './io.ts'

export const operationOptions = {
  log: {
    type: 'string',
    hint: 'FORMAT',
    description: 'A line for every request on standard error: json, text, or none. Default: none.',
  },
  metrics: { type: 'boolean', description: 'Answer /metrics for Prometheus.' },
  rate: {
    type: 'string',
    multiple: true,
    hint: 'WHAT=N/TIME',
    description: 'At most N requests in a time of each caller or tenant, or failures of an address: caller=100/PT1S.',
  },
  drain: {
    type: 'string',
    hint: 'TIME',
    description: 'When stopped, answer so long, but not ready, before the port is closed: PT10S. Default: not at all.',
  },
} as const satisfies Options

interface OperationFlags {
  readonly metrics: boolean
  readonly rate: readonly string[]
  readonly drain: string | undefined
}

export interface Operation {
  /** For `createApp`. */
  readonly options: Pick<AppOptions, 'observers' | 'metrics' | 'rates' | 'logger'> &
    Required<Pick<AppOptions, 'draining'>>
  /** Resolves when the port may be closed. From its call on, the service is not ready. */
  readonly drain: () => Promise<void>
}

/**
 * How `--log` logs, undefined for not at all.
 *
 * @throws SallyportError `E_USAGE`
 */
export function readLog(flag: string | undefined, io: Io): LogOptions | undefined {
  const format = readFormat(flag)
  return (
    format && {
      format,
      write: (line) => print(io.stderr, line),
      now: io.now,
      stacks: Boolean(io.env.SALLYPORT_DEBUG),
    }
  )
}

/** @throws SallyportError `E_USAGE` */
export function readOperation(
  flags: OperationFlags,
  engines: NonNullable<AppOptions['engines']>,
  log: LogOptions | undefined,
  io: Io,
): Operation {
  const wait = flags.drain === undefined ? 0 : milliseconds(flags.drain, '--drain')
  const rates = readRates(flags.rate)
  let draining = false
  return {
    options: {
      draining: () => draining,
      ...(log && { observers: [requestLog(log)], logger: faultLog(log) }),
      ...(flags.metrics && { metrics: serviceMetrics(engines, io.now) }),
      ...(rates && { rates }),
    },
    async drain() {
      draining = true
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    },
  }
}

function readFormat(text = 'none'): LogFormat | undefined {
  if (text === 'json' || text === 'text') return text
  if (text === 'none') return undefined
  throw usage(`--log is "${text}"; give json, text or none`)
}

function readRates(texts: readonly string[]): RateOptions | undefined {
  const rates: { -readonly [K in keyof RateOptions]: Rate } = {}
  for (const text of texts) {
    const [, name, requests, time = ''] = /^(caller|tenant|failures)=([1-9]\d{0,8})\/(.+)$/.exec(text) ?? []
    if (name === undefined) throw usage(`--rate is "${text}"; write caller=100/PT1S, or tenant=…, or failures=…`)
    rates[name as keyof RateOptions] = { requests: Number(requests), per: milliseconds(time, '--rate') }
  }
  return texts.length === 0 ? undefined : rates
}

function milliseconds(duration: string, flag: string): number {
  try {
    return fixedDuration(duration)
  } catch (error) {
    if (error instanceof Refusal) throw usage(`${flag}: ${error.message}`)
    throw error
  }
}
