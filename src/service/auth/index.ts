/** `sallyport/service/auth`: how callers of the service prove who they are. Each is what `createApp({ identify })` takes. */
export { anyOf } from './any-of.ts'
export { createApiKey, type NewApiKey } from './api-key.ts'
export { type ApiKeyOptions, apiKeys } from './api-keys.ts'
export { type AuthMachine, readAuth } from './configuration.ts'
export type { CertificatePart } from './forwarded-cert.ts'
export {
  type IdentifiedCaller,
  type IdentifyCaller,
  InvalidCredentials,
  type Origin,
  UnknownIssuer,
} from './identify.ts'
export { type JwtCallerOptions, jwtCallers } from './jwt-callers.ts'
export { type ApiKeyRecord, type ApiKeys, readApiKeys } from './key-record.ts'
export { type ProxyCallerOptions, proxyCallers } from './proxy-callers.ts'
export { type RemoteKeysOptions, remoteKeys } from './remote-keys.ts'
