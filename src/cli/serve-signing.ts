/** What `serve` signs, and with which keys: its metadata, and delegations as proofs. */
import type { JWK } from 'jose'
import { createSigner, type Signer } from '../authzen/signer.ts'
import { SallyportError } from '../errors.ts'
import { createProofIssuer, type ProofIssuer } from '../identity/issuer.ts'
import { usage } from './arguments.ts'
import type { Options } from './command.ts'
import type { Io } from './io.ts'
import { readJwk } from './jwk-file.ts'

export const signingOptions = {
  'signing-key': {
    type: 'string',
    hint: 'FILE',
    description: 'Sign the metadata: a private key as a JWK with "alg". Needs --public-url.',
  },
  'proof-key': {
    type: 'string',
    hint: 'FILE',
    description: 'Sign delegations as proofs: a private key of Ed25519 as a JWK. Needs --public-url.',
  },
} as const satisfies Options

export interface SigningFlags {
  readonly 'signing-key': string | undefined
  readonly 'proof-key': string | undefined
  readonly 'public-url': string | undefined
}

export interface Signing {
  readonly signer: Signer | undefined
  readonly proofs: ProofIssuer | undefined
}

/** @throws SallyportError `E_USAGE`, `E_FILE` */
export async function readSigning(flags: SigningFlags, io: Io): Promise<Signing> {
  const read = async <S extends { publicKeys(): Promise<unknown> }>(
    name: 'signing-key' | 'proof-key',
    make: (key: { issuer: string; jwk: JWK }) => S,
  ): Promise<S | undefined> => {
    const { [name]: file, 'public-url': publicUrl } = flags
    if (file === undefined) return undefined
    if (publicUrl === undefined) throw usage(`--${name} needs --public-url: the URL that is vouched for`)
    const made = make({ issuer: publicUrl.replace(/\/+$/, ''), jwk: await readJwk(file, io) })
    try {
      // Now, and not at the first request.
      await made.publicKeys()
      return made
    } catch (cause) {
      throw new SallyportError('E_USAGE', `${file} holds no key that can sign`, { cause })
    }
  }
  return { signer: await read('signing-key', createSigner), proofs: await read('proof-key', createProofIssuer) }
}
