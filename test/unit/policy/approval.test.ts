/** `approval` of a rule: what it means, and what is wrong with one. */
import { expect, test } from 'vitest'
import type { Approval, PolicyDocument } from '../../../src/policy/document.ts'
import { loadModel, parsePolicies } from '../../../src/policy/index.ts'

function document(approval: unknown, effect = 'review'): PolicyDocument {
  const rule = { id: 'purge', [effect]: 'purge', on: 'record', approval: approval as Approval }
  return {
    version: 1,
    roles: { manager: [], director: ['manager'] },
    relations: { user: {}, group: { member: ['user'] }, record: { owner: ['user'] } },
    rules: [rule],
  }
}

function read(approval: unknown) {
  return loadModel(document(approval)).sets[0]?.rules[0]?.approval
}

function problems(approval: unknown, effect?: string): string[] {
  const { diagnostics } = parsePolicies(document(approval, effect))
  return diagnostics.filter(({ code }) => code !== 'W_UNREACHABLE').map(({ code, message }) => `${code}: ${message}`)
}

const hour = 3_600_000

test('defaults: one of them, a day to decide, an hour to use it, once', () => {
  expect(read({ by: 'role:manager' })).toEqual({
    stages: [{ by: [{ kind: 'role', role: 'manager' }], quorum: { kind: 'count', count: 1 } }],
    within: 24 * hour,
    valid: hour,
    uses: 1,
  })
})

test('approvers in every form, all at once', () => {
  const by = ['role:manager', 'relation:owner', 'group:eng', 'user:ann', { relation: 'member', of: 'group:ops' }]
  expect(read({ by: [...by, { id: 'role:x' }], quorum: '60%' })?.stages).toEqual([
    {
      by: [
        { kind: 'role', role: 'manager' },
        { kind: 'relation', relation: 'owner' },
        { kind: 'relation', relation: 'member', object: 'group:eng' },
        { kind: 'subject', type: 'user', id: 'ann' },
        { kind: 'relation', relation: 'member', object: 'group:ops' },
        { kind: 'subject', type: 'role', id: 'x' },
      ],
      quorum: { kind: 'share', percent: 60 },
    },
  ])
})

test('one after the other, with an escalation', () => {
  const approval = {
    by: ['user:ann', 'role:manager'],
    order: 'sequence',
    quorum: 'all',
    within: '4h',
    valid: 'PT30M',
    uses: 3,
    escalate: { after: '90m', to: 'role:director' },
  }
  expect(read(approval)).toEqual({
    stages: [
      { by: [{ kind: 'subject', type: 'user', id: 'ann' }], quorum: { kind: 'all' } },
      { by: [{ kind: 'role', role: 'manager' }], quorum: { kind: 'all' } },
    ],
    within: 4 * hour,
    valid: hour / 2,
    uses: 3,
    escalate: { after: 1.5 * hour, by: [{ kind: 'role', role: 'director' }] },
  })
})

test.each<[string, unknown, string, string?]>([
  ['an allow', { by: 'role:manager' }, 'E_APPROVAL: "approval" stands in a rule with "allow"', 'allow'],
  ['nobody', {}, 'E_MISSING: "approval" names nobody'],
  ['an empty list', { by: [] }, 'E_MISSING: "by" of "approval" is empty'],
  ['an unknown role', { by: 'role:manger' }, 'E_ROLE: '],
  ['an unknown relation', { by: 'relation:ownr' }, 'E_RELATION: the type "record" has no relation "ownr"'],
  ['an unknown group type', { by: { relation: 'member', of: 'team:x' } }, 'E_RELATION: "relations" has no type "team"'],
  ['a bare name', { by: 'ann' }, 'E_APPROVAL: an approver cannot be "ann" in rule "purge"; write role:…'],
  ['two kinds', { by: { role: 'manager', id: 'user:a' } }, 'E_APPROVAL: an approver is not formed as one'],
  ['a quorum of none', { by: 'role:manager', quorum: 0 }, 'E_APPROVAL: a quorum cannot be the number 0'],
  ['a share above all', { by: 'role:manager', quorum: '101%' }, 'E_APPROVAL: a quorum cannot be the string "101%"'],
  ['an order', { by: 'role:manager', order: 'random' }, 'E_APPROVAL: unknown order "random"'],
  ['a duration', { by: 'role:manager', within: 'soon' }, 'E_TIME: "within" of "approval": "soon" is not an ISO 8601'],
  ['no uses', { by: 'role:manager', uses: 0 }, 'E_APPROVAL: "uses" cannot be the number 0'],
  [
    'a late escalation',
    { by: 'role:manager', within: '1h', escalate: { after: '2h', to: 'role:director' } },
    'E_APPROVAL: the escalation comes when the request has expired already',
  ],
  ['an escalation to nobody', { by: 'role:manager', escalate: { after: '2h' } }, 'E_MISSING: "escalate" has no "to"'],
  ['too few', { by: ['user:a', 'user:a'], quorum: 2 }, 'W_APPROVAL: 2 must approve, and only 1 may'],
  ['an unknown key', { by: 'role:manager', ttl: 3 }, 'E_KEY: unknown key "ttl" in "approval"'],
])('%s', (_, approval, expected, effect) => {
  expect(problems(approval, effect).join('\n')).toContain(expected)
})
