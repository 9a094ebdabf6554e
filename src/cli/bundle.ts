/** `sallyport bundle`: policies as one signed file. */
import { buildBundle, openBundle, signBundle, type Trust } from '../bundle/index.ts'
import { compileModel } from '../compiler/index.ts'
import { SallyportError } from '../errors.ts'
import { checkAddress } from '../http/address.ts'
import { nearest } from '../policy/suggest.ts'
import { isMap } from '../text/is-map.ts'
import { usage } from './arguments.ts'
import { type Arguments, defineCommand, type Options } from './command.ts'
import { plural } from './diagnostics.ts'
import { exit } from './exit.ts'
import { readBytes, readJsonMap, writeBytes } from './files.ts'
import { type Io, print, printJson } from './io.ts'
import { readJwk } from './jwk-file.ts'
import { readModels, readSources } from './policies.ts'

const options = {
  policies: {
    type: 'string',
    short: 'p',
    multiple: true,
    hint: 'PATH',
    description: 'Of build: a policy file or folder.',
  },
  output: { type: 'string', short: 'o', hint: 'FILE', description: 'Of build and sign: where the bundle goes.' },
  name: {
    type: 'string',
    hint: 'NAME',
    description: 'Of build: which line of bundles it is one of. Default: default.',
  },
  revision: {
    type: 'string',
    hint: 'N',
    description: 'Of build: a whole number, higher than that of the bundle before.',
  },
  key: {
    type: 'string',
    hint: 'FILE',
    description: 'Of build and sign: a private key as a JWK with "alg" (sallyport key signing).',
  },
  keys: { type: 'string', hint: 'FILE', description: 'Of verify: the public keys that are trusted, as a JWK Set.' },
  header: {
    type: 'string',
    multiple: true,
    hint: 'NAME:VALUE',
    description: 'Of push: a header field, such as Authorization.',
  },
  json: { type: 'boolean', description: 'Print { file, name, revision, id, bytes, tenants, signed } as JSON.' },
} as const satisfies Options

type Flags = Arguments<typeof options>['flags']
type Action = (operands: readonly string[], flags: Flags, io: Io) => Promise<number>

const actions: Readonly<Record<string, Action>> = { build, sign, verify, push }

export const bundle = defineCommand({
  name: 'bundle',
  summary: 'Build, sign, verify and publish policies as one file.',
  operands: 'build, sign FILE, verify FILE, or push FILE URL',
  maxOperands: 3,
  details: [
    'A bundle is a gzipped tar with the compiled image of every tenant, the texts of the policies, and a manifest that names each file by its',
    'SHA-256; a signature is of the manifest. push sends it to an address with PUT, as object stores take it.',
    'Exit code: 0 done, or verified; 1 mistakes in the policies, a bundle that is refused, or a server that does not take it; 2 wrong usage.',
  ],
  options,
  examples: [
    [
      'sallyport bundle build -p policies/ --revision 7 --key bundle-key.jwk -o prod.bundle',
      'compiles, packs and signs',
    ],
    ['sallyport bundle verify prod.bundle --keys bundle-keys.json', 'says what is in it, when a trusted key signed it'],
    [
      'sallyport bundle push prod.bundle https://store.example/prod.bundle --header "Authorization: Bearer …"',
      'publishes it',
    ],
  ],
  async run({ flags, operands }, io) {
    const [verb, ...rest] = operands
    const action = verb === undefined ? undefined : actions[verb]
    if (action === undefined) {
      const guess = verb && nearest(verb, Object.keys(actions))
      const hint = guess ? `did you mean ${guess}?` : 'see sallyport bundle --help'
      throw usage(`bundle needs build, sign, verify or push; ${hint}`)
    }
    return action(rest, flags, io)
  },
})

async function build(_: readonly string[], flags: Flags, io: Io): Promise<number> {
  if (flags.policies.length === 0) throw usage('bundle build needs policies: -p policies/')
  const output = required(flags.output, 'bundle build needs a file: -o prod.bundle')
  const revision = required(flags.revision, 'bundle build needs a number that grows: --revision 7')
  if (!/^[1-9]\d{0,14}$/.test(revision)) throw usage('--revision is a whole number from 1 on')
  const sources = await readSources(flags.policies, io)
  const models = readModels(sources, io)
  const images = new Map([...models].map(([tenant, model]) => [tenant, compileModel(model)]))
  const files = sources.portable.map(({ text }, i) => ({
    name: `policies/${i}.txt`,
    data: new TextEncoder().encode(text),
  }))
  const key = flags.key === undefined ? undefined : await readJwk(flags.key, io)
  const bytes = await buildBundle({ name: flags.name ?? 'default', revision: Number(revision), images, files }, key)
  await writeBytes(output, bytes, io)
  return report(output, bytes, { isSigned: key !== undefined }, flags, io)
}

async function sign([file]: readonly string[], flags: Flags, io: Io): Promise<number> {
  const path = required(file, 'bundle sign needs a bundle: sallyport bundle sign prod.bundle --key bundle-key.jwk')
  const key = await readJwk(required(flags.key, 'bundle sign needs --key FILE'), io)
  const bytes = await signBundle(new Uint8Array(await readBytes(path, io)), key)
  await writeBytes(flags.output ?? path, bytes, io)
  return report(flags.output ?? path, bytes, { isSigned: true }, flags, io)
}

async function verify([file]: readonly string[], flags: Flags, io: Io): Promise<number> {
  const path = required(
    file,
    'bundle verify needs a bundle: sallyport bundle verify prod.bundle --keys bundle-keys.json',
  )
  const { keys } = await readJsonMap(required(flags.keys, 'bundle verify needs --keys FILE'), io)
  if (!Array.isArray(keys) || !keys.every(isMap)) throw usage(`${flags.keys} is no JWK Set: it has no list "keys"`)
  return report(path, new Uint8Array(await readBytes(path, io)), { trust: { keys }, isSigned: true }, flags, io)
}

async function push([file, address]: readonly string[], flags: Flags, io: Io): Promise<number> {
  const path = required(file, 'bundle push needs a bundle and an address: sallyport bundle push prod.bundle https://…')
  const url = checkAddress(required(address, 'bundle push needs an address: https://…'), 'the address')
  const bytes = new Uint8Array(await readBytes(path, io))
  const headers = new Headers(flags.header.map(readHeader))
  headers.set('Content-Type', 'application/gzip')
  let status: number
  try {
    const signal = AbortSignal.timeout(60_000)
    status = (await fetch(url, { method: 'PUT', headers, body: bytes, redirect: 'manual', signal })).status
  } catch (cause) {
    throw new SallyportError('E_BUNDLE_SOURCE', 'the server could not be reached in time', { cause })
  }
  if (status < 200 || status > 299) {
    throw new SallyportError('E_BUNDLE_SOURCE', `the server did not take it: it answered with HTTP ${status}`)
  }
  return report(path, bytes, {}, flags, io)
}

interface Signing {
  /** Who must have signed it; left out: nobody is asked for. */
  readonly trust?: Trust
  /** Left out: it was not looked at. */
  readonly isSigned?: boolean
}

async function report(
  file: string,
  bytes: Uint8Array<ArrayBuffer>,
  { trust = 'unsigned', isSigned }: Signing,
  flags: Flags,
  io: Io,
): Promise<number> {
  const { id, manifest } = await openBundle(bytes, trust)
  const { name, revision } = manifest
  const tenants = manifest.tenants.map(({ tenant }) => tenant)
  const signed = isSigned === undefined ? {} : { signed: isSigned }
  if (flags.json) printJson(io.stdout, { file, name, revision, id, bytes: bytes.length, tenants, ...signed })
  else {
    print(
      io.stdout,
      `${file}: ${name} revision ${revision}, ${plural(tenants.length, 'tenant')}, ${plural(bytes.length, 'byte')}, id ${id}`,
    )
    if (isSigned === false)
      print(io.stdout, `UNSIGNED: serve does not take it. Sign it: sallyport bundle sign ${file} --key bundle-key.jwk`)
  }
  return exit.ok
}

function readHeader(text: string): [string, string] {
  const at = text.indexOf(':')
  if (at < 1) throw usage(`--header is NAME:VALUE, such as --header "Authorization: Bearer …"`)
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function required(value: string | undefined, message: string): string {
  if (value === undefined) throw usage(message)
  return value
}
