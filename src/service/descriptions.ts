/** What the app answers besides its APIs, as the OpenAPI document describes it. */
import type { DescribedEndpoint } from '../authzen/decide.ts'
import { paths } from '../authzen/metadata.ts'
import { anyObject, listOf, plainObject, text } from '../authzen/plain-schema.ts'
import type { Description } from './operation/operation.ts'

const ofTheService = { method: 'GET', tag: 'operation', atRoot: true, published: true } as const

export const signingKeys: Description = {
  method: 'GET',
  path: `/${paths.keys.slice(1)}`,
  operationId: 'getSigningKeys',
  tag: 'AuthZEN',
  summary: 'The public keys of what the PDP signs (RFC 7517).',
  published: true,
  answers: { 200: { description: 'The keys.', body: plainObject('SigningKeys', { keys: listOf(anyObject) }) } },
}

export const followEvents: Description = {
  method: 'GET',
  path: '/v1/events',
  operationId: 'followEvents',
  tag: 'events',
  summary: 'What happens in the tenant, as it happens.',
  description:
    'Server-sent events, the data of each a CloudEvent in JSON. A stream ends after a while: come back with the id of the last event.',
  headers: {
    properties: {
      'last-event-id': {
        ...text,
        description: 'The event after which to go on. Left out: with what happens from now on.',
      },
    },
  },
  answers: { 200: { description: 'The stream.', mediaType: 'text/event-stream', body: text } },
}

export const readMetrics: Description = {
  method: 'GET',
  path: '/metrics',
  atRoot: true,
  operationId: 'readMetrics',
  tag: 'operation',
  summary: 'Metrics for Prometheus, of all tenants, for callers that may use all.',
  answers: {
    200: { description: 'Metrics in the text format, version 0.0.4.', mediaType: 'text/plain', body: text },
  },
}

/** What tells of the service itself, to whoever asks. */
export const ownDescriptions: readonly Description[] = [
  {
    ...ofTheService,
    path: '/healthz',
    operationId: 'getHealth',
    summary: 'Whether the process runs.',
    answers: { 200: { description: 'It does.', body: plainObject('Health', { status: { const: 'ok' } }) } },
  },
  {
    ...ofTheService,
    path: '/readyz',
    operationId: 'getReadiness',
    summary: 'Whether requests should be sent here: there are rules, and the service is not about to stop.',
    answers: { 200: { description: 'They should.', body: plainObject('Readiness', { status: { const: 'ready' } }) } },
  },
  {
    ...ofTheService,
    path: '/openapi.json',
    operationId: 'getDocument',
    summary: 'This document, of what is turned on.',
    answers: { 200: { description: 'The document.', body: anyObject } },
  },
]

/** An endpoint of a profile, as it is mounted. */
export function describeEndpoint({ method, path, description }: DescribedEndpoint): Description {
  const { headers, ...described } = description
  const names = [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
  return {
    ...described,
    method,
    path: `/${path.slice(1).replace(/:(\w+)/g, '{$1}')}`,
    tag: 'AuthZEN profiles',
    ...(headers && { headers: { properties: headers } }),
    ...(names.length > 0 && {
      params: { required: names, properties: Object.fromEntries(names.map((name) => [name, text])) },
    }),
  }
}
