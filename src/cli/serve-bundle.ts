/** The flags of `serve` that are about bundles. */
import type { JWK } from 'jose'
import { type BundleSource, httpSource, type TrustedKeys } from '../bundle/index.ts'
import { SallyportError } from '../errors.ts'
import { fixedDuration } from '../policy/duration.ts'
import type { Send } from '../service/public-fetch.ts'
import { usage } from './arguments.ts'
import { fileSource } from './bundle-file.ts'
import type { Arguments, Options } from './command.ts'
import { readText } from './files.ts'
import type { Io } from './io.ts'

export const bundleOptions = {
  bundle: {
    type: 'string',
    hint: 'FILE|URL',
    description:
      'In place of PATH: a signed bundle, which is followed. SALLYPORT_BUNDLE_TOKEN in the environment is sent as bearer token.',
  },
  'bundle-key': {
    type: 'string',
    hint: 'FILE|JWK',
    description: 'Who signs the bundle: a public key as a JWK, or a JWK Set; a file with it, or the JSON itself.',
  },
  'bundle-max-age': {
    type: 'string',
    hint: 'DURATION',
    description: 'Deny everything so long after the bundle could last be asked for, such as PT1H. Default: never.',
  },
  'bundle-poll': {
    type: 'string',
    hint: 'DURATION',
    description: 'How often the bundle is asked for. Default: PT30S.',
  },
} as const satisfies Options

export type BundleFlags = Arguments<typeof bundleOptions>['flags']

export interface BundleSettings {
  readonly source: BundleSource
  readonly trust: TrustedKeys
  /** Milliseconds, as is `poll`. */
  readonly maxAge: number | undefined
  readonly poll: number
  /** What is asked, for people: nothing of an address but its host. */
  readonly from: string
}

/**
 * What the flags say; undefined without `--bundle`.
 *
 * @throws SallyportError `E_USAGE`, `E_FILE`, `E_ADDRESS`
 */
export async function readBundleFlags(flags: BundleFlags, fetch: Send, io: Io): Promise<BundleSettings | undefined> {
  const { bundle } = flags
  if (bundle === undefined) {
    const lonely = Object.keys(bundleOptions).find(
      (name) => name !== 'bundle' && flags[name as keyof BundleFlags] !== undefined,
    )
    if (lonely !== undefined) throw usage(`--${lonely} needs --bundle FILE or --bundle URL`)
    return undefined
  }
  const key = flags['bundle-key']
  if (key === undefined) throw usage('--bundle needs --bundle-key: the public key of who signs it')
  const remote = /^[a-z][a-z0-9+.-]*:\/\//i.test(bundle)
  const token = io.env.SALLYPORT_BUNDLE_TOKEN
  const headers = token ? { Authorization: `Bearer ${token}` } : {}
  const source = remote ? httpSource(bundle, { headers, fetch }) : fileSource(bundle, io)
  const maxAge = flags['bundle-max-age']
  return {
    source,
    trust: await readKeys(key, io),
    maxAge: maxAge === undefined ? undefined : milliseconds(maxAge, '--bundle-max-age'),
    poll: milliseconds(flags['bundle-poll'] ?? 'PT30S', '--bundle-poll'),
    from: remote ? new URL(bundle).host : bundle,
  }
}

/** A key, or a set of keys. */
async function readKeys(given: string, io: Io): Promise<TrustedKeys> {
  const inline = given.trimStart().startsWith('{')
  const name = inline ? '--bundle-key' : given
  const value = parse(inline ? given : await readText(given, io), name)
  const keys: readonly JWK[] = 'keys' in value && Array.isArray(value.keys) ? value.keys : [value as JWK]
  if (keys.length === 0) throw usage(`${name} holds no key`)
  for (const key of keys) {
    if (typeof key?.kty !== 'string' || key.kty === 'oct') throw usage(`${name} holds no public key: a JWK with "kty"`)
    // A service that only verifies should not have what signs.
    if ('d' in key) throw usage(`${name} holds a private key; give the public one, without "d"`)
  }
  return { keys }
}

function parse(text: string, name: string): object {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Told below.
  }
  throw usage(`${name} holds no JSON object`)
}

function milliseconds(duration: string, flag: string): number {
  let value: number
  try {
    value = fixedDuration(duration)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : ''
    throw new SallyportError('E_USAGE', `${flag}: ${why}`, { cause })
  }
  // Timers count in 31 bits.
  if (value < 100 || value > 0x7fffffff) throw usage(`${flag} is from PT0.1S to P24D`)
  return value
}
