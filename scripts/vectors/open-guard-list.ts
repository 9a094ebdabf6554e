/** Lists of open-guard: the policies through the dialect, the candidates as a source of the guard, and all pages together. */
import { isDeepStrictEqual } from 'node:util'
import type { OpenGuardSubject } from '../../src/policy/dialects/open-guard/index.ts'
import type { Api, Case, Outcome } from './runner.ts'

interface ListCase extends Case {
  readonly now: string
  readonly setup: object
  readonly candidates: readonly {
    readonly id: string
    readonly resource_type: string
    readonly attributes?: Readonly<Record<string, unknown>>
  }[]
  readonly request: {
    readonly subject: OpenGuardSubject
    readonly action: string
    readonly resource_type: string
    readonly limit: number
  }
  readonly expected: { readonly ids: readonly string[] }
}

export async function replayList(one: Case, api: Api): Promise<Outcome> {
  const { candidates, expected, now, request, setup } = one as ListCase
  const { document } = api.openGuard.importOpenGuard(setup)
  if (document === undefined) throw new Error('the policies cannot be imported')
  const all = candidates.map(({ id, resource_type, attributes = {} }) => ({
    type: resource_type,
    id,
    properties: attributes,
  }))
  const guard = api.guard.createGuard({
    engine: await api.createEngine({ policies: document }),
    store: api.memoryStore(),
    clock: () => Date.parse(now),
    random: (length) => crypto.getRandomValues(new Uint8Array(length)),
    lists: { candidates: [api.guard.listedCandidates(all)] },
  })
  const { subject, action, resource_type, limit } = request
  const { subject: asking } = api.openGuard.openGuardRequest({
    subject,
    action: { name: action },
    resource: { id: '', resource_type },
  })
  const query = { subject: asking, action: { name: action }, resource: { type: resource_type } }
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const page = await guard.listAuthorized(query, { limit, ...(cursor !== undefined && { cursor }) })
    if (page.results.length > limit) throw new Error('a page is longer than its limit')
    ids.push(...page.results.map(({ id }) => id))
    cursor = page.cursor
  } while (cursor !== undefined)
  const got = { ids: ids.sort() }
  const wanted = { ids: [...expected.ids].sort() }
  return isDeepStrictEqual(got, wanted) ? { kind: 'passed' } : { kind: 'failed', request, expected: wanted, got }
}
