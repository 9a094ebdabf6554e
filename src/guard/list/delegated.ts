/** Candidates that were lent by their ids: resources that nobody may have listed anywhere else. */
import type { Scope } from '../../delegation/scope.ts'
import { readScopes } from '../../delegation/scope.ts'
import { coversText } from '../../policy/pattern-match.ts'
import { compareCodePoints } from '../../store/code-points.ts'
import { pageOf } from '../../store/entities/source.ts'
import type { Delegations } from '../delegation/index.ts'
import type { CandidateSource } from './candidate.ts'

export function delegatedCandidates(delegations: Delegations): CandidateSource {
  return {
    async list({ kind, type, other, after, limit }) {
      if (kind === 'subject') return { candidates: [], more: false }
      const ids = new Set<string>()
      let last: Parameters<Delegations['list']>[0]['after']
      while (true) {
        const page = await delegations.list({ grantee: other, limit: 1000, ...(last && { after: last }) })
        for (const { state, scopes } of page.delegations) {
          // What was used up may be free again: that is decided for each.
          if (state === 'active' || state === 'exhausted') for (const id of idsIn(scopes, type)) ids.add(id)
        }
        last = page.delegations.at(-1)
        if (!page.more || last === undefined) break
      }
      const found = pageOf([...ids].sort(compareCodePoints), after, limit)
      return { candidates: found.ids.map((id) => ({ id })), more: found.more }
    },
  }
}

function idsIn(scopes: readonly Scope[], type: string): readonly string[] {
  const about = readScopes(scopes).all.filter(({ types }) => coversText(types, type))
  return about.flatMap(({ ids }) => ids.flatMap((id) => (id.kind === 'exact' ? [id.value] : [])))
}
