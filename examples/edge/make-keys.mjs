/** Makes a key that signs bundles (signing.jwk, keep it secret) and what verifies them (bundle-keys.json), in the folder that is named. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { exportJWK, generateKeyPair } from 'jose'

const folder = process.argv[2] ?? '.'
const { privateKey, publicKey } = await generateKeyPair('EdDSA', { extractable: true })
const jwk = async (key) => ({ ...(await exportJWK(key)), alg: 'EdDSA' })
await mkdir(folder, { recursive: true })
await writeFile(join(folder, 'signing.jwk'), JSON.stringify(await jwk(privateKey)), { mode: 0o600 })
await writeFile(join(folder, 'bundle-keys.json'), JSON.stringify({ keys: [await jwk(publicKey)] }))
