/** A private key in a file, as `sallyport key signing` writes it. */
import type { JWK } from 'jose'
import { usage } from './arguments.ts'
import { readJsonMap } from './files.ts'
import type { Io } from './io.ts'

/**
 * Reads one key; whether it is good for what it is to sign is told by who signs with it.
 *
 * @throws SallyportError `E_FILE`, `E_USAGE`
 */
export async function readJwk(file: string, io: Io): Promise<JWK> {
  const { kty, ...members } = await readJsonMap(file, io)
  if (typeof kty !== 'string') {
    throw usage(`${file} holds no key: a JWK has "kty"; sallyport key signing -o FILE makes one`)
  }
  return { kty, ...members }
}
