/** `sallyport/revocations`: revocations for a whole fleet, over a log that it has. */
export type { TenantRevocation } from './entry.ts'
export { type FeedOptions, RevocationFeed, type RevocationView } from './feed.ts'
export type { AppendLog, LogEntry, LogPage } from './port.ts'
export { type RelayOptions, RevocationRelay, storedRevocations } from './relay.ts'
