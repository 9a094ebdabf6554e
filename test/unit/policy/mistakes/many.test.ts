/** One bad document with most of the mistakes there are. */
import { describe, expect, it } from 'vitest'
import { diagnosticCodes } from '../../../../src/policy/codes.ts'
import { parsePolicies } from '../../../../src/policy/index.ts'
import { check } from '../support.ts'

describe('many mistakes at once', () => {
  const text = `version: 2
algorithm: first
combine: some
roles: { a: [b], b: [a] }
actions: [read, write]
entites: {}
entities:
  subjects: [{ type: user }]
routes:
  - { actions: read, sets: [mony] }
rules:
  - { id: r1, alow: read }
  - { id: r2, allow: read, deny: write }
  - { id: r3, allow: raed }
  - { id: r4, allow: "[" }
  - { id: r5, allow: read, to: { role: c } }
  - { id: r5, allow: read }
  - { id: r6, allow: read, priority: high }
  - { id: r7, allow: read, when: { context.a: { equals: 1 } } }
  - { id: r8, allow: read, when: { context.a: [1] } }
  - { id: r9, allow: read, when: { contxt.a: 1 } }
  - { id: r10, allow: read, when: { context.a: { regex: "(" } } }
  - { id: r11, allow: read, when: { context.a: { ip_in_cidr: 10.0.0.1/8 } } }
  - { id: r12, allow: read, when: { context.a: { semver_eq: v1 } } }
  - { id: r13, allow: read, when: { context.a: { gt: true } } }
  - { id: r14, allow: read, when: { context.a: { exists: 1 } } }
  - { id: r15, allow: read, when: { context.a: { eq: { b: 1 } } } }
  - { id: r16, allow: read, when: { context.a: .inf } }
  - { id: r17, allow: read, when: { context.a: 12345678901234567890 } }
  - { id: r18, allow: read, when: { context.a: "\\udead" } }
  - { id: r19, allow: read, when: { any: [] } }
  - { id: r20, allow: read, when: { now: { gt: soon } } }
  - { allow: read }
  - { id: r21, allow: read, id: r22 }
sets: { money: { algorithm: priorty } }
`

  it('are all told, in the order of the lines', () => {
    const found = check(text).map((line) => line.split(' ').slice(0, 2).join(' '))
    expect(found).toEqual([
      '1:10 E_VERSION',
      '2:12 E_ALGORITHM',
      '3:10 E_ALGORITHM',
      '4:18 E_ROLE_CYCLE',
      '6:1 E_KEY',
      '8:14 E_MISSING',
      '10:29 E_SET',
      '12:15 E_KEY',
      '13:28 E_EFFECT',
      '14:22 E_ACTION',
      '15:22 E_PATTERN',
      '16:40 E_ROLE',
      '17:11 E_DUPLICATE',
      '18:38 E_PRIORITY',
      '19:49 E_OPERATOR',
      '20:47 E_TYPE',
      '21:36 E_PATH',
      '22:57 E_REGEX',
      '23:62 E_CIDR',
      '24:61 E_SEMVER',
      '25:54 E_OPERAND',
      '26:58 E_TYPE',
      '27:54 E_OPERAND',
      '28:48 E_NUMBER',
      '29:48 E_NUMBER',
      '30:48 E_STRING',
      '31:42 E_MISSING',
      '32:48 E_OPERAND',
      '33:5 E_MISSING',
      '34:29 E_DUPLICATE',
      '35:9 E_MISSING',
      '35:29 E_ALGORITHM',
    ])
    expect(parsePolicies(text).tenants.size).toBe(0)
  })

  it('every code in use is explained', () => {
    for (const { code } of parsePolicies(text).diagnostics) expect(Object.keys(diagnosticCodes)).toContain(code)
  })
})
