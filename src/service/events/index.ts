/** `sallyport/service/events`: what happens in a tenant, as CloudEvents: for `createApp({ events: { hub } })`, and as webhooks. */
export { type ReceivedWebhook, verifyWebhook } from '../../guard/webhook-signature.ts'
export type { Evaluation, EvaluationData, ServiceEvent } from './event.ts'
export { EventHub, type EventHubOptions } from './hub.ts'
export type { EventOptions } from './route.ts'
export { followStore, type StoreEventOptions } from './store-events.ts'
export type { StreamOptions } from './stream.ts'
export { type EventWebhookOptions, eventWebhook, type SendEvents } from './webhook.ts'
