import { describe, expect, it } from 'vitest'
import { cli, records } from './support.ts'

const argv = ['explain', '-p', records, '-s', 'user:alice', '-a', 'write', '-r', 'record:record-2']

describe('sallyport explain', () => {
  it('shows the vote, the rules and their tests as a tree', async () => {
    const { code, stdout } = await cli(argv)
    expect(code).toBe(3)
    const lines = stdout.split('\n')
    expect(lines[0]).toBe('user:alice write record:record-2')
    expect(lines[1]).toMatch(/^deny {4}rule archive-is-closed: /)
    expect(lines).toContain('set default  deny-overrides, votes deny by archive-is-closed')
    expect(stdout).toMatch(/^├─ ✓ allow editors-write {2}.*records\.yaml:\d+:\d+\n│ {5}no conditions$/m)
    expect(stdout).toMatch(/^├─ ✓ deny archive-is-closed {2}decides {2}records\.yaml:\d+:\d+$/m)
    expect(lines).toContain('│     ✓ resource.status eq "archived"  resource.status is "archived"')
    expect(stdout).toMatch(/^└─ \? allow manager-corrects-archive/m)
    expect(lines).toContain('      ? subject.role eq "admin"  subject.role is missing')
  })

  it('says so when no rule is about the request', async () => {
    const { code, stdout } = await cli(['explain', '-p', '-', ...argv.slice(3)], {
      stdin: 'version: 1\nrules:\n  - { id: open, allow: read, on: page }\n',
    })
    expect(code).toBe(3)
    expect(stdout).toBe(
      [
        'user:alice write record:record-2',
        'deny    no rule applies',
        '',
        'set default  deny-overrides, abstains',
        '└─ no rule is about this subject, action and resource',
        '',
      ].join('\n'),
    )
  })

  it('prints the explanation as JSON', async () => {
    const { stdout } = await cli([...argv, '--json'])
    const { decision, sets, rules } = JSON.parse(stdout)
    expect(decision).toMatchObject({ status: 'deny', rules: ['archive-is-closed'] })
    expect(sets).toEqual([
      { name: 'default', algorithm: 'deny-overrides', vote: 'deny', deciding: ['archive-is-closed'] },
    ])
    const closed = rules.find(({ id }: { id: string }) => id === 'archive-is-closed')
    expect(closed).toMatchObject({ effect: 'deny', outcome: 'true', deciding: true })
    expect(closed.tests[0]).toEqual({
      path: 'resource.status',
      operator: 'eq',
      expected: 'archived',
      actual: 'archived',
      outcome: 'true',
    })
  })

  it('explains several requests, apart from each other', async () => {
    const request = (id: string) =>
      JSON.stringify({
        subject: { type: 'user', id },
        action: { name: 'read' },
        resource: { type: 'record', id: 'record-1' },
      })
    const { code, stdout } = await cli(['explain', '-p', records, '-'], {
      stdin: `${request('alice')}\n${request('eve')}`,
    })
    expect(code).toBe(3)
    expect(stdout).toMatch(/^user:alice read record:record-1\nallow /)
    expect(stdout).toMatch(/\n\nuser:eve read record:record-1\ndeny /)
  })
})
