/** What a diagnostic holds, and what is only warned of. */
import { describe, expect, it } from 'vitest'
import { formatDiagnostic, parsePolicies } from '../../../../src/policy/index.ts'
import { check } from '../support.ts'
import { withWhen } from './support.ts'

const operatorExample = `version: 1
rules:
  - id: archived
    deny: write
    when: { resource.status: { equals: archived } }
`

describe('diagnostics', () => {
  it('carry the rule and the path', () => {
    const [first] = parsePolicies({ name: 'p.yaml', text: operatorExample }).diagnostics
    expect(first).toEqual({
      severity: 'error',
      code: 'E_OPERATOR',
      message: 'unknown operator "equals" in rule "archived"; did you mean "eq"?',
      place: {
        file: 'p.yaml',
        line: 5,
        column: 32,
        path: 'rules[0].when["resource.status"].equals',
        range: { start: 82, end: 88 },
      },
      rule: 'archived',
      suggestion: 'eq',
      fix: { title: 'write eq', edits: [{ range: { start: 82, end: 88 }, text: 'eq' }] },
    })
    expect(first && formatDiagnostic(first)).toBe(
      'p.yaml:5:32  error  unknown operator "equals" in rule "archived"; did you mean "eq"?  E_OPERATOR',
    )
  })

  it('name the path when the policies are an object', () => {
    const document: unknown = JSON.parse('{ "version": 1, "rules": [{ "id": "r", "allow": "read", "whenn": {} }] }')
    // The point is a document that the types would refuse.
    const { diagnostics } = parsePolicies(document as Parameters<typeof parsePolicies>[0])
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      'policies: rules[0].whenn  error  unknown key "whenn" in rule "r"; did you mean "when"?  E_KEY',
    ])
  })

  it('warn of what is empty', () => {
    expect(check('version: 1\nrules: []\n')).toEqual([
      '1:1 W_NO_RULES the tenant "default" has no rules; every request will be denied',
      '2:8 W_EMPTY "rules" is an empty list; add a rule, or leave it out',
    ])
    expect(check('version: 1\nrules: [{ id: r, allow: x }]\nsets: { a: { rules: [] } }\n')).toEqual([
      '3:21 W_EMPTY "rules" of the set "a" is an empty list; add a rule, or leave the set out',
    ])
    expect(check(withWhen('{ context.a: { in: [] } }'))).toEqual([
      '5:30 W_EMPTY the list of "in" is empty in rule "r"; list the values that are meant',
    ])
    expect(parsePolicies([]).diagnostics.map(({ code }) => code)).toEqual(['W_NO_RULES'])
  })
})
