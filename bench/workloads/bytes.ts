/**
 * Bytes to bytes: the body of an AuthZEN evaluation in, the body of the answer out. The rules of rbac-abac; bodies of about
 * 250 bytes, and of about 1 KB, in which most is not read by any rule.
 */
import type { AccessRequest } from '../../src/engine/types.ts'
import { createRandom, type Random } from '../random.ts'
import { rbacAbac } from './rbac-abac.ts'
import { type BuildOptions, type Case, parseRequests, type Workload, type WorkloadFactory } from './workload.ts'

const small: Case = { name: '250 bytes', rules: 1000 }
const large: Case = { name: '1 KB', rules: 1000 }

export const bytes: WorkloadFactory = {
  name: 'bytes',
  description: 'the bytes of an AuthZEN evaluation to the bytes of its answer; the rules of rbac-abac, 1,000 of them',
  cases: ({ quick }) => (quick ? [large] : [small, large]),
  build,
}

function build({ case: size, seed, requests = 4096 }: BuildOptions): Workload {
  const random = createRandom(seed)
  const { document, requests: pool } = rbacAbac.build({ case: size, seed, requests })
  const texts = pool.map((request) =>
    JSON.stringify(size.name === small.name ? shorten(request) : lengthen(request, random)),
  )
  return {
    name: bytes.name,
    case: size,
    seed,
    question: 'bytes',
    perCall: 1,
    document,
    texts,
    requests: parseRequests(texts),
  }
}

/** Leaves out what brings a body to about 250 bytes: the longer half of the attributes. */
function shorten({ subject, action, resource, context }: AccessRequest): AccessRequest {
  const { risk: _risk, zone: _home, ...known } = { ...subject.properties }
  const { owner: _owner, public: _public, zone: _zone, ...properties } = { ...resource.properties }
  return {
    subject: { type: subject.type, id: subject.id.replace('@example.com', ''), properties: known },
    action,
    resource: { type: resource.type, id: resource.id.split('/')[1] ?? '', properties },
    context: { mfa: context?.mfa },
  }
}

/** Adds what a gateway passes on and no policy reads: headers, a trace, the parameters of the call. */
function lengthen(request: AccessRequest, random: Random): AccessRequest {
  const word = () => random.integer(2 ** 31).toString(36)
  return {
    ...request,
    action: {
      ...request.action,
      properties: {
        method: 'POST',
        path: `/v1/${word()}/${word()}`,
        parameters: { page: random.integer(99), sort: [word(), word()] },
      },
    },
    context: {
      ...request.context,
      time: '2026-11-21T10:00:00Z',
      ip: `10.${random.integer(256)}.${random.integer(256)}.7`,
      agent: 'Mozilla/5.0 (X11; Linux x86_64) "quoted" \u00e9\u00df',
      trace: {
        id: word() + word(),
        parent: word(),
        sampled: true,
        baggage: { team: word(), cost_center: random.next() * 1e4 },
      },
      labels: [word(), word(), word(), word()],
      headers: { accept: 'application/json', 'accept-language': 'en,de;q=0.8', 'x-request-id': word() + word() },
    },
  }
}
