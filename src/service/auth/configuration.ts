/** Who may call, as a configuration file says it: authorization servers, and a proxy that checks certificates. */
import { SallyportError } from '../../errors.ts'
import { isMap } from '../../text/is-map.ts'
import { attributesOf, optionalText, refuseOthers, tenantsOf } from './caller-record.ts'
import type { CertificatePart } from './forwarded-cert.ts'
import type { IdentifiedCaller, IdentifyCaller } from './identify.ts'
import { jwtCallers } from './jwt-callers.ts'
import { proxyCallers } from './proxy-callers.ts'
import { type RemoteKeysOptions, remoteKeys } from './remote-keys.ts'

/** What a configuration needs of the machine. */
export interface AuthMachine {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** How keys are fetched; `fetch` when left out. */
  readonly fetch?: RemoteKeysOptions['fetch']
  /** Is told when an issuer's keys could not be had. */
  readonly onFault?: RemoteKeysOptions['onFault']
  /** The environment, where secrets are. */
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Reads `{ "jwt": [ … ], "proxy": { … } }`; docs/service.md shows both.
 *
 * @throws SallyportError `E_USAGE`, `E_ADDRESS`
 */
export function readAuth(document: unknown, machine: AuthMachine): readonly IdentifyCaller[] {
  if (!isMap(document)) throw wrong('the configuration of callers is { "jwt": [ … ], "proxy": { … } }')
  refuseOthers(document, ['jwt', 'proxy'], 'the configuration')
  const { jwt = [], proxy } = document
  if (!Array.isArray(jwt)) throw wrong('jwt is a list')
  const ways = jwt.map((item, i) => readJwt(item, `jwt[${i}]`, machine))
  if (proxy !== undefined) ways.push(readProxy(proxy, machine))
  if (ways.length === 0) throw wrong('the configuration of callers names none: give jwt or proxy')
  return ways
}

function readJwt(item: unknown, where: string, { now, fetch, onFault }: AuthMachine): IdentifyCaller {
  const object = asObject(item, where, [
    'issuer',
    'audience',
    'jwks',
    'type',
    'tenants',
    'id',
    'callerType',
    'attributes',
    'algorithms',
    'tolerance',
  ])
  const text = (name: string) => optionalText(object[name], `${where}.${name}`)
  const { tolerance = 0 } = object
  if (typeof tolerance !== 'number' || !(tolerance >= 0 && tolerance <= 300)) {
    throw wrong(`${where}.tolerance is a number of seconds, 300 at most`)
  }
  const optional = Object.entries({
    type: text('type'),
    id: text('id'),
    callerType: text('callerType'),
    attributes: namesAt(object.attributes, `${where}.attributes`),
    algorithms: namesAt(object.algorithms, `${where}.algorithms`),
  }).filter(([, value]) => value !== undefined)
  return jwtCallers({
    issuer: required(text('issuer'), `${where}.issuer`),
    audience:
      typeof object.audience === 'string' ? object.audience : (namesAt(object.audience, `${where}.audience`) ?? []),
    keys: remoteKeys({
      url: required(text('jwks'), `${where}.jwks`),
      ...(fetch && { fetch }),
      ...(onFault && { onFault }),
    }),
    tenants: claimOrTenants(object.tenants, `${where}.tenants`),
    tolerance: tolerance * 1000,
    now,
    ...Object.fromEntries(optional),
  })
}

function claimOrTenants(value: unknown, where: string) {
  if (!isMap(value)) return tenantsOf(value, where)
  refuseOthers(value, ['claim'], where)
  return { claim: required(optionalText(value.claim, `${where}.claim`), `${where}.claim`) }
}

const certificateParts: readonly CertificatePart[] = ['URI', 'Subject', 'DNS', 'Hash']

function readProxy(item: unknown, { env }: AuthMachine): IdentifyCaller {
  const object = asObject(item, 'proxy', ['peers', 'secret', 'forwardedCert', 'header', 'verified', 'callers'])
  const { forwardedCert, header } = object
  const part = certificateParts.find((name) => name === forwardedCert)
  if ((part === undefined) === (header === undefined)) {
    throw wrong(`proxy needs either forwardedCert, one of ${certificateParts.join(', ')}, or header`)
  }
  const peers = namesAt(object.peers, 'proxy.peers')
  const secret = object.secret === undefined ? undefined : readSecret(object.secret, env)
  const verified =
    object.verified === undefined ? undefined : asObject(object.verified, 'proxy.verified', ['header', 'value'])
  const textOf = (from: Readonly<Record<string, unknown>>, name: string, where: string) =>
    required(optionalText(from[name], `${where}.${name}`), `${where}.${name}`)
  return proxyCallers({
    trust: { ...(peers && { peers }), ...(secret && { secret }) },
    read: part === undefined ? { header: textOf(object, 'header', 'proxy') } : { forwardedCert: part },
    callers: readCallers(object.callers),
    ...(verified && {
      verified: {
        header: textOf(verified, 'header', 'proxy.verified'),
        value: textOf(verified, 'value', 'proxy.verified'),
      },
    }),
  })
}

/** The file says where the secret is, and not what it is. */
function readSecret(item: unknown, env: AuthMachine['env']): { header: string; value: string } {
  const object = asObject(item, 'proxy.secret', ['header', 'env'])
  const header = required(optionalText(object.header, 'proxy.secret.header'), 'proxy.secret.header')
  const name = required(optionalText(object.env, 'proxy.secret.env'), 'proxy.secret.env')
  return { header, value: required(env[name] || undefined, `the environment variable ${name}`) }
}

function readCallers(list: unknown): ReadonlyMap<string, IdentifiedCaller> {
  if (!Array.isArray(list)) throw wrong('proxy.callers is a list')
  const callers = new Map<string, IdentifiedCaller>()
  for (const [i, item] of list.entries()) {
    const where = `proxy.callers[${i}]`
    const object = asObject(item, where, ['name', 'caller', 'type', 'tenants', 'attributes'])
    const name = required(optionalText(object.name, `${where}.name`), `${where}.name`)
    const id = required(optionalText(object.caller, `${where}.caller`), `${where}.caller`)
    const type = optionalText(object.type, `${where}.type`)
    if (callers.has(name)) throw wrong(`${where}.name is that of another caller`)
    const known = { tenants: tenantsOf(object.tenants, `${where}.tenants`), ...attributesOf(object.attributes, where) }
    callers.set(name, { id, ...known, ...(type && { type }) })
  }
  return callers
}

function asObject(item: unknown, where: string, names: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isMap(item)) throw wrong(`${where} is no object`)
  refuseOthers(item, names, where)
  return item
}

function namesAt(value: unknown, where: string): readonly string[] | undefined {
  if (value === undefined) return undefined
  if (Array.isArray(value) && value.every((name) => typeof name === 'string')) return value
  throw wrong(`${where} is a list of texts`)
}

function required<T>(value: T | undefined, where: string): T {
  if (value === undefined) throw wrong(`${where} is missing`)
  return value
}

function wrong(message: string): SallyportError {
  return new SallyportError('E_USAGE', message)
}
