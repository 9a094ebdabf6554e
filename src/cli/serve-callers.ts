/** Who may call `serve`: its flags, and following the file of keys. */
import { anyOf, apiKeys, type IdentifyCaller, readApiKeys, readAuth } from '../service/auth/index.ts'
import type { Send } from '../service/public-fetch.ts'
import type { Options } from './command.ts'
import { reportFailure } from './failure.ts'
import { locate, readJson } from './files.ts'
import { type Io, print } from './io.ts'
import { watchPath } from './watch.ts'

export const callerOptions = {
  keys: {
    type: 'string',
    hint: 'FILE',
    description: 'Let in callers with the API keys of this file (sallyport key create). Changes take effect at once.',
  },
  auth: {
    type: 'string',
    hint: 'FILE',
    description: 'Let in callers with tokens, or certificates that a proxy has checked: JSON, see docs/service.md.',
  },
} as const satisfies Options

interface CallerFlags {
  readonly keys: string | undefined
  readonly auth: string | undefined
}

export interface ServedCallers {
  /** For `createApp`; empty when everyone may ask. */
  readonly options: { readonly identify?: IdentifyCaller }
  readonly end: () => void
}

/** @throws SallyportError `E_FILE`, `E_USAGE`, `E_ADDRESS` */
export async function followCallers({ keys, auth }: CallerFlags, fetch: Send, io: Io): Promise<ServedCallers> {
  const ways: IdentifyCaller[] = []
  let end = () => {}
  if (keys !== undefined) {
    let current = readApiKeys(await readJson(keys, io))
    ways.push(apiKeys({ keys: () => current, now: io.now }))
    const reload = async () => {
      try {
        current = readApiKeys(await readJson(keys, io))
        print(io.stdout, `the keys were read again: ${current.size}`)
      } catch (error) {
        reportFailure(error, io)
        print(io.stderr, 'the old keys stay in force')
      }
    }
    const path = locate(keys, io)
    end = watchPath({ path, files: async () => [path], changed: reload, failed: (error) => reportFailure(error, io) })
  }
  if (auth !== undefined) {
    const onFault = (error: unknown) => void reportFailure(error, io)
    ways.push(...readAuth(await readJson(auth, io), { now: io.now, env: io.env, fetch, onFault }))
  }
  return { options: ways.length === 0 ? {} : { identify: anyOf(...ways) }, end }
}
