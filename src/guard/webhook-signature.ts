/**
 * Signatures of webhooks in the form of Standard Webhooks 1.0.0 (https://www.standardwebhooks.com): an HMAC-SHA256 over id, time and
 * body, so that a receiver knows who sent what, and when.
 */
import { SallyportError } from '../errors.ts'

/** The headers of one message. */
export type SignWebhook = (id: string, now: number, body: string) => Promise<Record<string, string>>

/** @param secret 24 to 64 random bytes, in base64 and after `whsec_`; the first use rejects with `E_USAGE` when it is none */
export function webhookSigner(secret: string): SignWebhook {
  const key = importKey(secret)
  // Told where it is used; here nobody waits for it yet.
  key.catch(() => undefined)
  return async (id, now, body) => {
    const timestamp = String(Math.floor(now / 1000))
    const bytes = new Uint8Array(await crypto.subtle.sign('HMAC', await key, messageOf(id, timestamp, body)))
    return {
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${btoa(String.fromCharCode(...bytes))}`,
    }
  }
}

export interface ReceivedWebhook {
  /** Reads a header by its name in lower case. */
  readonly header: (name: string) => string | null | undefined
  /** As it came: parsing and writing it again would change it. */
  readonly body: string
}

/** How far the clocks of sender and receiver may be apart. */
const TOLERANCE = 5 * 60

/**
 * Checks a webhook where it is received.
 *
 * @param secrets the secret, or several while it is being changed
 * @param now milliseconds since 1970
 * @throws SallyportError `E_WEBHOOK` when it was not signed with a secret, or is older or newer than five minutes.
 */
export async function verifyWebhook(
  { header, body }: ReceivedWebhook,
  secrets: string | readonly string[],
  now: number,
): Promise<void> {
  const id = header('webhook-id') ?? ''
  const timestamp = header('webhook-timestamp') ?? ''
  const signatures = (header('webhook-signature') ?? '').split(' ')
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE) {
    throw new SallyportError('E_WEBHOOK', 'the webhook has no time, or one that is more than five minutes away')
  }
  for (const secret of typeof secrets === 'string' ? [secrets] : secrets) {
    const key = await importKey(secret)
    const message = messageOf(id, timestamp, body)
    for (const signature of signatures) {
      const bytes = signature.startsWith('v1,') ? fromBase64(signature.slice(3)) : undefined
      // The platform compares without telling by its time how much is right.
      if (bytes !== undefined && (await crypto.subtle.verify('HMAC', key, bytes, message))) return
    }
  }
  throw new SallyportError('E_WEBHOOK', 'the webhook is not signed with this secret')
}

/** @throws SallyportError `E_USAGE` for an address without TLS to another machine */
export function checkWebhookUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const local = parsed !== undefined && ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname)
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && local)) return
  throw new SallyportError('E_USAGE', 'a webhook goes to an https address, or to this machine')
}

async function importKey(secret: string): Promise<CryptoKey> {
  const bytes = secret.startsWith('whsec_') ? fromBase64(secret.slice(6)) : undefined
  if (bytes === undefined || bytes.length < 24 || bytes.length > 64) {
    throw new SallyportError('E_USAGE', 'a webhook secret is whsec_ and 24 to 64 bytes in base64')
  }
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])
}

function messageOf(id: string, timestamp: string, body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${id}.${timestamp}.${body}`)
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0))
  } catch {
    return undefined
  }
}
