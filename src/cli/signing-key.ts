/** `sallyport key signing`: a pair of keys, of which the private one signs and the public one is for those who verify. */
import { existsSync } from 'node:fs'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'
import { usage } from './arguments.ts'
import { plural } from './diagnostics.ts'
import { locate, readJsonMap, writeBytes, writeSecret } from './files.ts'
import { type Io, print, printJson } from './io.ts'

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
  // Before a key is made: what is in the way is told, and nothing is left behind.
  const known = publicFile === undefined ? { keys: [] } : await readKeySet(publicFile, io)
  const pair = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  const publicKey = await exportJWK(pair.publicKey)
  const about = { kid: await calculateJwkThumbprint(publicKey), alg: 'EdDSA', use: 'sig' }
  await writeSecret(secretFile, textOf({ ...(await exportJWK(pair.privateKey)), ...about }), io)
  const set = { ...known, keys: [...known.keys, { ...publicKey, ...about }] }
  if (publicFile === undefined) {
    printJson(io.stdout, set)
    return
  }
  await writeBytes(publicFile, new TextEncoder().encode(textOf(set)), io)
  print(io.stdout, `${secretFile}: a private key of Ed25519, which signs; keep it secret`)
  print(io.stdout, `${publicFile}: ${plural(set.keys.length, 'public key')}, for those who verify`)
}

async function readKeySet(file: string, io: Io): Promise<KeySet> {
  if (!existsSync(locate(file, io))) return { keys: [] }
  const set = (await readJsonMap(file, io)) as Partial<KeySet>
  // The records of API keys are under the same name.
  if (!Array.isArray(set.keys) || !set.keys.every((one) => typeof one?.kty === 'string' && one.d === undefined)) {
    throw usage(`${file} is no JWK Set of public keys, to which one could be added`)
  }
  return { ...set, keys: set.keys }
}

function textOf(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
