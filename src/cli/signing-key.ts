/** `sallyport key signing`: a pair of keys, of which the private one signs and the public one is for those who verify. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { usage } from './arguments.ts'
import { plural } from './diagnostics.ts'
import { parseJson, writeSecret } from './files.ts'
import { type Io, print, printJson } from './io.ts'
import { updateFile } from './update-file.ts'

/** A JWK Set (RFC 7517, section 5). */
interface KeySet {
  readonly keys: readonly JWK[]
}

/**
 * Makes the pair. The private key goes to a file of its own, which must not be there yet.
 *
 * @param publicFile A JWK Set to which the public key is added; undefined: it is printed.
 * @throws SallyportError `E_FILE`, `E_USAGE`
 */
export async function makeSigningKey(secretFile: string, publicFile: string | undefined, io: Io): Promise<void> {
  if (publicFile === undefined) {
    printJson(io.stdout, { keys: [await makePair(secretFile, io)] })
    return
  }
  let count = 0
  await updateFile(publicFile, io, async (text) => {
    // Before a key is made: what is in the way is told, and nothing is left behind.
    const known = text === undefined ? { keys: [] } : readKeySet(text, publicFile)
    const keys = [...known.keys, await makePair(secretFile, io)]
    count = keys.length
    return textOf({ ...known, keys })
  })
  print(io.stdout, `${secretFile}: a private key of Ed25519, which signs; keep it secret`)
  print(io.stdout, `${publicFile}: ${plural(count, 'public key')}, for those who verify`)
}

/** Writes the private key; returns the public one. */
async function makePair(secretFile: string, io: Io): Promise<JWK> {
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const publicKey = await exportJWK(pair.publicKey)
  const about = { kid: await calculateJwkThumbprint(publicKey), alg: 'EdDSA', use: 'sig' }
  await writeSecret(secretFile, textOf({ ...(await exportJWK(pair.privateKey)), ...about }), io)
  return { ...publicKey, ...about }
}

function readKeySet(text: string, file: string): KeySet {
  const set = parseJson(text, file) as Partial<KeySet> | null
  // The records of API keys are under the same name.
  if (!Array.isArray(set?.keys) || !set.keys.every((one) => typeof one?.kty === 'string' && one.d === undefined)) {
    throw usage(`${file} is no JWK Set of public keys, to which one could be added`)
  }
  return { ...set, keys: set.keys }
}

function textOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
