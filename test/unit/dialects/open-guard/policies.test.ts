/** Whole policies: roles, actions, priorities, approvals, the operation chain; and mistakes in them. */
import { describe, expect, test } from 'vitest'
import { formatDiagnostic } from '../../../../src/policy/diagnostic.ts'
import { importOpenGuard } from '../../../../src/policy/dialects/open-guard/index.ts'
import { ask, explain, imported, type Policy, remarks, statusOf } from './support.ts'

function rbac(id: string, roles: unknown, rest: Policy = {}): Policy {
  return { id, evaluator_type: 'rbac', subject_match: { roles }, ...rest }
}

describe('roles', () => {
  test('are inherited', async () => {
    const document = imported([rbac('p', 'viewer')], { role_hierarchy: { admin: ['editor'], editor: ['viewer'] } })
    expect(document.roles).toEqual({ admin: ['editor'], editor: ['viewer'], viewer: [] })
    expect(await statusOf(document, ask({ roles: 'admin' }))).toBe('allow')
    expect(await statusOf(document, ask({ roles: ['other'] }))).toBe('deny')
  })

  test('in a circle hold each other', async () => {
    const hierarchy = { a: ['b'], b: ['c'], c: ['a', 'd'], d: [], e: ['a'], f: ['f'] }
    const document = imported([rbac('c', 'c', { action_match: 'read' }), rbac('d', 'd', { action_match: 'write' })], {
      role_hierarchy: hierarchy,
    })
    for (const role of ['a', 'b', 'c', 'e']) {
      expect(await statusOf(document, ask({ roles: [role] }))).toBe('allow')
      expect(await statusOf(document, ask({ roles: [role] }, {}, { action: { name: 'write' } }))).toBe('allow')
    }
    expect(await statusOf(document, ask({ roles: ['d'] }))).toBe('deny')
    expect(await statusOf(document, ask({ roles: ['f'] }))).toBe('deny')
    expect(remarks([rbac('c', 'c')], { role_hierarchy: hierarchy })).toEqual([
      expect.stringContaining('W_IMPORT roles inherit each other in a circle: "a", "b", "c"; open-guard fails'),
    ])
  })

  test('that are not named mean everyone who has one', async () => {
    const document = imported([rbac('p', [])])
    expect(await statusOf(document, ask({ roles: ['any'] }))).toBe('allow')
    expect(await statusOf(document, ask({ roles: 'any' }))).toBe('allow')
    expect(await statusOf(document, ask({ roles: [] }))).toBe('deny')
    expect(await statusOf(document, ask({ roles: { any: true } }))).toBe('deny')
    expect(await statusOf(document, ask())).toBe('deny')
  })

  test('that are no strings count as their text', async () => {
    const document = imported([rbac('p', ['1', 'True'])])
    expect(await statusOf(document, ask({ roles: [1] }))).toBe('allow')
    expect(await statusOf(document, ask({ roles: [true] }))).toBe('allow')
  })
})

describe('actions', () => {
  test('are compared as they are', async () => {
    const document = imported([rbac('p', 'r', { action_match: ['doc:*', '*'] })])
    const of = (name: string) => statusOf(document, ask({ roles: ['r'] }, {}, { action: { name } }))
    expect([await of('doc:*'), await of('*'), await of('doc:read'), await of('read')]).toEqual([
      'allow',
      'allow',
      'deny',
      'deny',
    ])
    expect(remarks([rbac('p', 'r', { action_match: 'doc:*' })])[0]).toContain('"doc:*" is no pattern to it')
  })
})

describe('priorities', () => {
  test.each([
    [5, 4, 'deny'],
    [4, 4, 'deny'],
    [3, 4, 'allow'],
    // Below -1 all are alike, and a deny wins a tie.
    [-7, -2, 'deny'],
  ])('deny %i and allow %i: %s', async (deny, allow, status) => {
    const policies = [rbac('a', 'r', { priority: allow }), rbac('d', 'r', { priority: deny, effect: 'deny' })]
    expect(await statusOf(imported(policies), ask({ roles: ['r'] }))).toBe(status)
  })
})

describe('approvals', () => {
  const approval = { approvers: ['ann'], quorum: 'any' }

  test('are reviews that say who approves', async () => {
    const document = imported([rbac('p', 'r', { requires_approval: approval })])
    const { decision } = await explain(document, ask({ roles: ['r'] }))
    expect(decision.status).toBe('review')
    expect(decision.approvals).toMatchObject([
      { rule: 'p', approval: { stages: [{ by: [{ kind: 'subject', type: 'user', id: 'ann' }] }] } },
    ])
  })

  test('are asked for even where a stronger policy allows, but not where the model denies', async () => {
    const weak = rbac('weak', 'r', { requires_approval: approval })
    const deny = rbac('deny', 'banned', { priority: 7, effect: 'deny' })
    const document = imported([weak, rbac('strong', 'r', { priority: 5 }), deny])
    expect(Object.keys(document.sets ?? {})).toEqual(['rbac', 'rbac-approval'])
    expect(await statusOf(document, ask({ roles: ['r'] }))).toBe('review')
    expect(await statusOf(document, ask({ roles: ['r', 'banned'] }))).toBe('deny')
  })

  test('of a deny mean nothing', async () => {
    const document = imported([rbac('p', 'r', { effect: 'deny', requires_approval: approval })])
    expect(await statusOf(document, ask({ roles: ['r'] }))).toBe('deny')
  })

  test('leave a trace of what must not be delegated', async () => {
    const document = imported([rbac('p', 'r', { non_delegable: true })])
    expect((await explain(document, ask({ roles: ['r'] }))).decision.delegable).toBe(false)
  })
})

describe('the operation chain', () => {
  const policies = [rbac('r', 'r'), { id: 'd', evaluator_type: 'abac', effect: 'deny' }]
  const chain = (rules: unknown, rest: object = {}) => imported(policies, { operation_chain: { rules, ...rest } })
  const rule = (action_pattern: string, ...evaluators: string[]) => ({ action_pattern, evaluators })

  test('chooses the models', async () => {
    const request = ask({ roles: ['r'] })
    expect(await statusOf(chain([rule('re?d', 'rbac'), rule('*', 'abac')]), request)).toBe('allow')
    expect(await statusOf(chain([rule('*', 'abac', 'rbac')]), request)).toBe('deny')
    expect(await statusOf(chain([rule('write', 'abac')], { default_evaluators: ['rbac'] }), request)).toBe('allow')
    expect(await statusOf(chain([rule('write', 'rbac')], { default_evaluators: [] }), request)).toBe('deny')
  })

  test('denies where the models have no policy', async () => {
    const document = chain([rule('read', 'trust')])
    expect(document.routes).toEqual([{ actions: 'read', sets: ['none'] }])
    const { decision, sets } = await explain(document, ask({ roles: ['r'] }))
    expect([decision.code, sets.map(({ name, vote }) => [name, vote])]).toEqual(['no_match', [['none', 'abstain']]])
  })
})

describe('mistakes are told with their places', () => {
  const text = `policies:
  - { id: a, evaluator_type: rabc }
  - { evaluator_type: rbac }
  - { id: c, evaluator_type: rbac, effect: permit, priority: high, prioritty: 1 }
  - { id: d, evaluator_type: rbac, conditions: { x: 1 } }
  - { id: d, evaluator_type: tbac, conditions: { time_window: { not_before: tomorrow } } }
  - { id: e, evaluator_type: trust, conditions: {} }
rolehierarchy: {}
operation_chain: { rules: [{ action_pattern: a }] }
`
  test('all at once', () => {
    const { document, diagnostics } = importOpenGuard({ name: 'og.yaml', text })
    expect(document).toBeUndefined()
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'og.yaml:2:30  error  the evaluator "rabc" is not one of open-guard itself in rule "a"; only rbac, abac, tbac, rebac, trust can be imported  E_IMPORT',
      'og.yaml:3:5  error  a policy has no id; give it one  E_MISSING',
      'og.yaml:4:44  error  unknown effect "permit" in rule "c"; write allow or deny  E_EFFECT',
      'og.yaml:4:62  error  a priority cannot be the string "high" in rule "c"; write an integer up to 2147483647  E_PRIORITY',
      'og.yaml:4:68  warning  open-guard ignores the key "prioritty" in rule "c"; did you mean "priority"?  W_IMPORT',
      'og.yaml:6:5  warning  open-guard keeps the last of several policies of one id, and forgets the others in rule "d"  W_IMPORT',
      'og.yaml:6:77  error  "not_before" is no time with an offset in rule "d"; write it like 2026-01-31T09:00:00Z  E_IMPORT',
      'og.yaml:7:5  warning  without min_trust_score a trust policy never matches in rule "e"  W_IMPORT',
      'og.yaml:7:5  warning  the policy can never match, and has no rule of its own in rule "e"  W_IMPORT',
      'og.yaml:8:1  error  unknown key "rolehierarchy" in the policies of open-guard; did you mean "role_hierarchy"?  E_KEY',
      'og.yaml:9:28  error  a rule of "operation_chain" needs action_pattern and evaluators  E_MISSING',
    ])
  })

  test('several tenants need a choice', () => {
    const policies = [rbac('p', 'r', { tenant_id: 'acme' }), rbac('p', 'x', { tenant_id: 'bolt' })]
    expect(remarks(policies)).toEqual([
      'E_IMPORT the policies are of several tenants: "acme", "bolt"; choose one of them',
    ])
    const { document } = importOpenGuard(policies, { tenant: 'bolt' })
    expect([document?.tenant, document?.roles]).toEqual(['bolt', { x: [] }])
  })

  test('no policies deny everything', async () => {
    expect(await statusOf(imported([]), ask())).toBe('deny')
  })
})
