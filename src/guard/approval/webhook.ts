/** Events of approvals as signed webhooks. */
import { SallyportError } from '../../errors.ts'
import { checkWebhookUrl, type ReceivedWebhook, verifyWebhook, webhookSigner } from '../webhook-signature.ts'
import type { ApprovalEvent, ApprovalNotifier } from './notifier.ts'

export type { ReceivedWebhook } from '../webhook-signature.ts'

/** What sends a request: the platform's, or one that retries. */
export type Send = (url: string, init: RequestInit) => Promise<Pick<Response, 'ok' | 'status'>>

export interface WebhookOptions {
  readonly url: string
  /** 24 to 64 random bytes, in base64 and after `whsec_`. */
  readonly secret: string
  readonly send: Send
  /** Makes ids: receivers know by it that they have seen an event. */
  readonly newId: (prefix: string) => string
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * A notifier that posts events as signed JSON.
 *
 * @throws SallyportError `E_USAGE` for an address without TLS to another machine, or a short secret.
 */
export function webhookNotifier({ url, secret, send, newId, now }: WebhookOptions): ApprovalNotifier {
  checkWebhookUrl(url)
  const sign = webhookSigner(secret)
  return {
    async notify(event: ApprovalEvent): Promise<void> {
      const body = JSON.stringify(event)
      const headers = { 'content-type': 'application/json', ...(await sign(newId('msg'), now(), body)) }
      const { ok, status } = await send(url, { method: 'POST', headers, body, redirect: 'error' })
      if (!ok) throw new SallyportError('E_WEBHOOK', `the webhook answered with status ${status}`)
    },
  }
}

/**
 * Checks a webhook where it is received, and returns its event.
 *
 * @param secrets the secret, or several while it is being changed
 * @param now milliseconds since 1970
 * @throws SallyportError `E_WEBHOOK` when it was not signed with a secret, or is older or newer than five minutes.
 */
export async function readWebhook(
  received: ReceivedWebhook,
  secrets: string | readonly string[],
  now: number,
): Promise<ApprovalEvent> {
  await verifyWebhook(received, secrets, now)
  return JSON.parse(received.body)
}
