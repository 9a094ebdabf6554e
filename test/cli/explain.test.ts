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

  it('shows with --why-not what would have allowed it', async () => {
    const ask = ['explain', '-p', records, '-s', 'user:bob', '-a', 'delete', '-r', 'record:record-1']
    const { code, stdout } = await cli([...ask, '--why-not', '--limit', '1'])
    expect(code).toBe(3)
    expect(stdout.split('\n').map((line) => line.replace(/ {2}\S*records\.yaml:\d+:\d+$/, ''))).toEqual([
      'user:bob delete record:record-1',
      'deny    no rule applies',
      '',
      'It would be allowed by',
      '└─ editors-delete-softly, if',
      '      ✗ subject.roles holds one of ["editor"]  subject.roles is ["reader"]',
      '      ? action.soft eq true  action.soft is missing',
      '',
    ])
    const { nearest } = JSON.parse((await cli([...ask, '--why-not', '--json'])).stdout)
    expect(nearest.map(({ id, missing }: { id: string; missing: unknown[] }) => [id, missing.length])).toEqual([
      ['editors-delete-softly', 2],
    ])
  })

  it('shows what is in the way, and says so when nothing comes near or nothing is wrong', async () => {
    const blocked = await cli([...argv, '--why-not'])
    expect(blocked.stdout).toMatch(/editors-write, which applies .*\n│ {5}but archive-is-closed would win over it\n/)
    expect(blocked.stdout).toMatch(/\n\nIn the way\n└─ ✓ deny archive-is-closed {2}decides/)
    const stdin = 'version: 1\nrules:\n  - { id: open, allow: read, on: page }\n'
    const far = await cli(['explain', '-p', '-', ...argv.slice(3), '--why-not'], { stdin })
    expect(far.stdout).toMatch(/\nNo rule that allows comes near it\.\n$/)
    const fine = await cli(['explain', '-p', '-', '-s', 'user:a', '-a', 'read', '-r', 'page:1', '--why-not'], { stdin })
    expect(fine.stdout).toBe('user:a read page:1\nallow   rule open\n')
    expect(fine.code).toBe(0)
    const sets =
      'version: 1\ncombine: all\nsets:\n  s: { rules: [{ id: a, allow: read }] }\n  t: { rules: [{ id: b, allow: read, when: { context.x: 1 } }] }\n'
    const all = await cli(['explain', '-p', '-', '-s', 'user:a', '-a', 'read', '-r', 'page:1', '--why-not'], {
      stdin: sets,
    })
    expect(all.stdout).toMatch(
      /└─ b, if {2}set t {2}.*\n {6}\? context\.x eq 1.*\n\nAll sets must agree, and no rule applies in t\.\n$/,
    )
  })

  it('refuses --limit without --why-not, or out of range', async () => {
    expect(await cli([...argv, '--limit', '3'])).toMatchObject({ code: 2 })
    expect(await cli([...argv, '--why-not', '--limit', 'many'])).toMatchObject({ code: 2 })
  })
})
