import { describe, expect, it } from 'vitest'
import { cli, folder, open, records, twoTenants } from './support.ts'

const on = ['evaluate', '-p', records]
const asks = (subject: string, action: string, resource: string) => ['-s', subject, '-a', action, '-r', resource]
const request = (id: string, action: string) => ({
  subject: { type: 'user', id: 'alice' },
  action: { name: action },
  resource: { type: 'record', id },
})
const read = request('record-1', 'read')
const write = request('record-2', 'write')
const purge = request('record-1', 'purge')

describe('sallyport evaluate', () => {
  it('tells the status by word, rule and exit code', async () => {
    expect(await cli([...on, ...asks('user:alice', 'read', 'record:record-1')])).toEqual({
      code: 0,
      stdout: 'allow   rule readers-read\n',
      stderr: '',
    })
    const denied = await cli([...on, ...asks('user:alice', 'write', 'record:record-2')])
    expect(denied.code).toBe(3)
    expect(denied.stdout).toMatch(/^deny {4}rule archive-is-closed: archived records change only /)
    const review = await cli([...on, ...asks('user:alice', 'purge', 'record:record-1')])
    expect(review.code).toBe(4)
    expect(review.stdout).toMatch(/^review {2}rule purge-needs-approval: /)
    const nothing = await cli([...on, ...asks('user:eve', 'read', 'record:record-1')])
    expect(nothing).toMatchObject({ code: 3, stdout: 'deny    no rule applies\n' })
  })

  it('reads properties and context: JSON where it is JSON, otherwise a string', async () => {
    const cwd = await folder({
      'p.yaml': [
        'version: 1',
        'rules:',
        '  - id: all-tests',
        '    allow: go',
        '    when:',
        '      subject.level: { gte: 3 }',
        '      subject.profile.zone: eu',
        '      resource.tags: { contains: x }',
        '      action.soft: true',
        '      context.note: "a=b c"',
        '      context.deep.flag: null',
      ].join('\n'),
    })
    const flags = [
      ...['--property', 'subject.level=3', '--property', 'subject.profile.zone=eu'],
      ...['--property', 'resource.tags=["x","y"]', '--property', 'action.properties.soft=true'],
      ...['--context', 'note=a=b c', '--context', 'deep.flag=null'],
    ]
    const argv = ['evaluate', '-p', 'p.yaml', ...asks('user:a', 'go', 'thing:x:y')]
    expect(await cli([...argv, ...flags], { cwd })).toMatchObject({ code: 0, stdout: 'allow   rule all-tests\n' })
    const other = flags.map((flag) => (flag === 'subject.level=3' ? 'subject.level="3"' : flag))
    expect((await cli([...argv, ...other], { cwd })).code).toBe(3)
  })

  it('keeps `__proto__` an ordinary key', async () => {
    const argv = [...on, ...asks('user:eve', 'read', 'record:record-1'), '--property']
    expect((await cli([...argv, 'subject.__proto__.roles=["editor"]'])).code).toBe(3)
    expect((await cli([...argv, 'subject.roles=["editor"]'])).code).toBe(0)
  })

  it.each([
    [['--subject', 'alice', '-a', 'x', '-r', 'a:b'], '--subject alice: write TYPE:ID, such as user:alice'],
    [['--subject', 'a:b'], 'the request has no --action and no --resource'],
    [['--property', 'role=admin'], 'the request has no --subject and no --action and no --resource'],
    [
      [...asks('a:b', 'c', 'd:e'), '--property', 'role=1'],
      '--property role=1: start with subject., action. or resource.; for the context use --context',
    ],
    [
      [...asks('a:b', 'c', 'd:e'), '--property', 'subject=1'],
      '--property subject=1 names no property; write subject.NAME=VALUE',
    ],
    [[...asks('a:b', 'c', 'd:e'), '--property', 'subject.id=1'], 'subject.id is a part of --subject'],
    [[...asks('a:b', 'c', 'd:e'), '--property', 'subject..x=1'], '--property subject..x=1: write subject.role=admin'],
    [[...asks('a:b', 'c', 'd:e'), '--context', 'amount'], '--context amount: write amount=100'],
    [[...asks('a:b', 'c', 'd:e'), '--context', 'a=1', '--context', 'a=2'], '--context a=2: this was given before'],
    [
      [...asks('a:b', 'c', 'd:e'), '--context', 'a=1', '--context', 'a.b=2'],
      '--context a.b=2: a was given another value before',
    ],
    [[...asks('a:b', 'c', 'd:e'), '--now', 'noon'], '--now noon is no time; write it like 2026-03-01T09:30:00Z'],
    [
      [...asks('a:b', 'c', 'd:e'), '--now', '2026-03-01'],
      '--now 2026-03-01 is no time; write it like 2026-03-01T09:30:00Z',
    ],
    [['file.json', ...asks('a:b', 'c', 'd:e')], "give either file.json or the request's flags, not both"],
    [[], 'evaluate needs a request: a file, - or --subject, --action and --resource; see sallyport evaluate --help'],
    [['-p', '-', '-'], '- can be the policies or the request, not both'],
    [
      [...asks('a:b', 'c', 'd:e'), '--image', 'x'],
      'evaluate needs either policies or an image: -p policies/ or --image policy.image',
    ],
  ])('%j is wrong usage, told in one line', async (argv, message) => {
    expect(await cli([...on, ...argv])).toEqual({ code: 2, stdout: '', stderr: `error: ${message}  E_USAGE\n` })
  })

  it('needs policies', async () => {
    const { code, stderr } = await cli(['evaluate', ...asks('a:b', 'c', 'd:e')])
    expect([code, stderr]).toEqual([2, expect.stringContaining('either policies or an image')])
  })

  it('reads one request, a list, or one a line, from a file or standard input', async () => {
    const pretty = JSON.stringify(read, undefined, 2)
    const cwd = await folder({ 'one.json': pretty, 'list.json': JSON.stringify([read, write, purge], undefined, 2) })
    expect((await cli([...on, 'one.json'], { cwd })).stdout).toBe('allow   rule readers-read\n')
    expect((await cli([...on, '-'], { stdin: pretty })).stdout).toBe('allow   rule readers-read\n')
    const list = await cli([...on, 'list.json'], { cwd })
    expect(list.code).toBe(3)
    const [first, second, third, end] = list.stdout.split('\n')
    expect(first).toBe('allow   user:alice read record:record-1  rule readers-read')
    expect(second).toMatch(/^deny {4}user:alice write record:record-2 {2}rule archive-is-closed: /)
    expect(third).toMatch(/^review {2}user:alice purge record:record-1 {2}rule purge-needs-approval: /)
    expect(end).toBe('')
    const lines = `${JSON.stringify(read)}\n\n${JSON.stringify(purge)}\r\n`
    const review = await cli([...on, '-'], { stdin: lines })
    expect([review.code, review.stdout.split('\n').length]).toEqual([4, 3])
  })

  it('prints decisions as JSON, of several one a line', async () => {
    const one = await cli([...on, '--json', '-'], { stdin: JSON.stringify(write) })
    expect(JSON.parse(one.stdout)).toEqual({
      decision: false,
      status: 'deny',
      code: 'matched',
      reason: expect.stringContaining('archived'),
      rules: ['archive-is-closed'],
      obligations: [],
      advice: [],
      imageId: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const many = await cli([...on, '--json', '-'], { stdin: JSON.stringify([read, write]) })
    const decisions = many.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).decision)
    expect(decisions).toEqual([true, false])
  })

  it('names obligations', async () => {
    const argv = [...asks('user:alice', 'delete', 'record:record-1'), '--property', 'action.soft=true']
    expect((await cli([...on, ...argv])).stdout).toBe(
      'allow   rule editors-delete-softly  obligations: keep-in-trash\n',
    )
  })

  it.each([
    ['', '<stdin> is empty; give a request as JSON'],
    ['[', '<stdin> is not valid JSON'],
    ['{"subject":1}', '<stdin>: subject is a number; give an object'],
    ['{"subject":{"type":"a","id":"b"},\n"action":{}}', '<stdin>: action.name is missing; give a string'],
    [JSON.stringify([read, { ...read, resource: null }]), '<stdin>, request 2: resource is null; give an object'],
    [`${JSON.stringify(read)}\n{"subject":`, '<stdin>, line 2: the body is not valid JSON'],
    ['[{"subject":{},"subject":{}}]', '<stdin>, request 1: the name "subject" appears twice in one object'],
    ['[3]', '<stdin>, request 1: the body is not a JSON object'],
  ])('refuses the request %j', async (stdin, message) => {
    const { code, stdout, stderr } = await cli([...on, '-'], { stdin })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr.startsWith(`error: ${message}`)).toBe(true)
    expect(stderr).toMatch(/ {2}E_REQUEST\n$/)
  })

  it('decides at --now, or else at the time of the clock', async () => {
    const cwd = await folder({
      'p.yaml': 'version: 1\nrules:\n  - id: late\n    allow: go\n    when: { now: { gte: "2026-06-01T00:00:00Z" } }\n',
    })
    const argv = ['evaluate', '-p', 'p.yaml', ...asks('a:b', 'go', 'd:e')]
    expect((await cli(argv, { cwd, now: Date.UTC(2026, 4, 31) })).code).toBe(3)
    expect((await cli(argv, { cwd, now: Date.UTC(2026, 5, 1) })).code).toBe(0)
    expect((await cli([...argv, '--now', '2026-06-01T01:00:00+02:00'], { cwd })).code).toBe(3)
    expect((await cli([...argv, '--now', '2026-06-01T02:00:00+02:00'], { cwd })).code).toBe(0)
  })

  it('asks which tenant, and takes it', async () => {
    const cwd = await folder(twoTenants)
    const argv = ['evaluate', '-p', '.', ...asks('x:y', 'read', 'z:z')]
    const unclear = await cli(argv, { cwd })
    expect(unclear.code).toBe(1)
    expect(unclear.stderr).toMatch(/acme.*bolt.* {2}E_TENANT\n$/)
    expect((await cli([...argv, '--tenant', 'acme'], { cwd })).code).toBe(0)
    expect((await cli([...argv, '--tenant', 'bolt'], { cwd })).code).toBe(3)
  })

  it('shows mistakes and warnings of the policies on stderr', async () => {
    const argv = ['evaluate', '-p', '-', ...asks('a:b', 'c', 'd:e')]
    const bad = await cli(argv, { stdin: 'version: 1\nrulez: []\n' })
    expect([bad.code, bad.stdout]).toEqual([1, ''])
    expect(bad.stderr).toMatch(/^<stdin>:2:1 {2}error .*"rulez".*\nerror: the policies have .*E_POLICY\n$/s)
    const empty = await cli(argv, { stdin: 'version: 1\n' })
    expect([empty.code, empty.stdout]).toEqual([3, 'deny    there are no policies\n'])
    expect(empty.stderr).toContain('W_NO_RULES')
  })

  it('refuses a file that is no image', async () => {
    const cwd = await folder({ 'p.yaml': open })
    const { code, stderr } = await cli(['evaluate', '--image', 'p.yaml', ...asks('a:b', 'c', 'd:e')], { cwd })
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^error: the image is refused: it is no image; .* {2}E_IMAGE\n$/),
    ])
  })
})
