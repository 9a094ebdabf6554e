/** `sallyport key`: API keys for callers of the service, and keys that sign. */
import { fixedDuration } from '../policy/duration.ts'
import { Refusal } from '../policy/refusal.ts'
import { adviceText } from '../policy/suggest.ts'
import { createApiKey, readApiKeys } from '../service/auth/index.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { exit } from './exit.ts'
import { parseJson } from './files.ts'
import { type Io, print, printJson } from './io.ts'
import { makeSigningKey } from './signing-key.ts'
import { updateFile } from './update-file.ts'

/** A line of the file of keys; `readApiKeys` says what it means. */
interface KeyRecord {
  readonly id: string
  readonly sha256: string
  readonly caller: string
  readonly tenants: readonly string[] | 'all'
  readonly attributes?: { readonly roles: readonly string[] }
  readonly expires?: string
}

export const key = defineCommand({
  name: 'key',
  summary: 'Make API keys for callers of the service, and keys that sign.',
  operands: 'create CALLER, or signing',
  maxOperands: 2,
  details: [
    'create prints a new API key, which is shown this once, and the record for the file that serve --keys reads; with --keys the record is added to',
    'that file, and the key alone is printed. A caller may have several keys: make the new one, give it to the caller, remove the record of the old.',
    'signing makes a pair of Ed25519 for bundles, metadata or proofs: the private key as a JWK in a file that only you can read, the public one in a',
    'JWK Set for those who verify.',
    'Exit code: 0 done, 1 the file cannot be read or written, 2 wrong usage.',
  ],
  options: {
    tenant: {
      type: 'string',
      multiple: true,
      hint: 'NAME',
      description: 'Of create: a tenant that the caller may use.',
    },
    'all-tenants': { type: 'boolean', description: 'Of create: the caller may use every tenant.' },
    role: {
      type: 'string',
      multiple: true,
      hint: 'NAME',
      description: 'Of create: a role of the caller, in its attributes.',
    },
    expires: {
      type: 'string',
      hint: 'DURATION',
      description: 'Of create: when the key ends: P90D, PT12H. Default: never.',
    },
    output: {
      type: 'string',
      short: 'o',
      hint: 'FILE',
      description: 'Of signing: where the private key goes; a new file.',
    },
    keys: {
      type: 'string',
      hint: 'FILE',
      description: 'Add the record, or the public key, to this file; it is made if it is missing.',
    },
  },
  examples: [
    [
      'sallyport key create pep-1 --tenant acme --expires P90D --keys api-keys.json',
      'prints a key, and keeps its hash',
    ],
    ['sallyport serve policies/ --keys api-keys.json', 'lets in those who have one'],
    [
      'sallyport key signing -o bundle-key.jwk --keys bundle-keys.json',
      'makes what signs bundles, and what verifies them',
    ],
  ],
  async run({ flags, operands }, io) {
    const [verb, caller] = operands
    if (verb === 'signing') {
      const ofCreate = [...flags.tenant, ...flags.role, flags['all-tenants'], flags.expires]
      if (caller !== undefined || ofCreate.some(Boolean)) throw usage('key signing takes -o FILE and --keys FILE alone')
      if (flags.output === undefined) throw usage('key signing needs a file for the private key: -o bundle-key.jwk')
      await makeSigningKey(flags.output, flags.keys, io)
      return exit.ok
    }
    if (verb !== 'create') throw usage('key needs create or signing; see sallyport key --help')
    if (flags.output !== undefined) throw usage('-o is of key signing; a record goes to the file of --keys')
    if (caller === undefined || caller === '')
      throw usage('key create needs the name of a caller: sallyport key create pep-1')
    if (flags.tenant.length > 0 === flags['all-tenants']) {
      throw usage('key create needs either --tenant NAME, once or more, or --all-tenants')
    }
    const { key: text, id, sha256 } = await createApiKey((length) => crypto.getRandomValues(new Uint8Array(length)))
    const record: KeyRecord = {
      id,
      sha256,
      caller,
      tenants: flags['all-tenants'] ? 'all' : flags.tenant,
      ...(flags.role.length === 0 ? {} : { attributes: { roles: flags.role } }),
      ...(flags.expires === undefined ? {} : { expires: endAfter(flags.expires, io.now()) }),
    }
    if (flags.keys === undefined) printJson(io.stdout, { key: text, record })
    else {
      await add(record, flags.keys, io)
      print(io.stdout, text)
    }
    return exit.ok
  },
})

async function add(record: KeyRecord, file: string, io: Io): Promise<void> {
  await updateFile(file, io, async (text) => {
    const document = text === undefined ? { keys: [] } : parseJson(text, file)
    // What is there must be whole before anything is added to it.
    readApiKeys(document)
    const { keys, ...rest } = document as { readonly keys: readonly unknown[] }
    return `${JSON.stringify({ ...rest, keys: [...keys, record] }, undefined, 2)}\n`
  })
}

function endAfter(duration: string, now: number): string {
  try {
    return new Date(now + fixedDuration(duration)).toISOString()
  } catch (error) {
    if (error instanceof Refusal)
      throw usage(`--expires: ${error.message}; ${meantDuration(duration) ?? adviceText(error.advice)}`)
    throw error
  }
}

const units: Readonly<Record<string, (count: string) => string>> = {
  w: (weeks) => `P${weeks}W`,
  d: (days) => `P${days}D`,
  h: (hours) => `PT${hours}H`,
}

/** `90d`, as other programs take it. */
function meantDuration(text: string): string | undefined {
  const [, count, unit = ''] = /^(\d+) ?([wdh])/i.exec(text) ?? []
  const write = count === undefined ? undefined : units[unit.toLowerCase()]
  return write && count && `write ${write(count)}`
}
