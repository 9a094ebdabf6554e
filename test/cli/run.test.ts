import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { verbs } from '../../src/cli/commands.ts'
import { cli, folder, records } from './support.ts'

describe('the command line', () => {
  it('lists the verbs', async () => {
    for (const argv of [[], ['help'], ['--help'], ['-h'], ['help', '--help']]) {
      const { code, stdout } = await cli(argv)
      expect(code).toBe(0)
      for (const verb of verbs) expect(stdout).toMatch(new RegExp(`^  ${verb} `, 'm'))
    }
  })

  it.each(verbs)('%s --help shows flags and an example that starts with the verb', async (verb) => {
    const { code, stdout, stderr } = await cli([verb, '--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(new RegExp(`^Usage  sallyport ${verb} `, 'm'))
    expect(stdout).toMatch(new RegExp(`^Examples?\\n  .*sallyport ${verb} `, 'm'))
    expect(stdout).toContain('Exit code: 0')
    expect((await cli(['help', verb])).stdout).toBe(stdout)
    expect((await cli([verb, 'x', '-h'])).stdout).toBe(stdout)
  })

  it('prints the version of the package', async () => {
    expect(await cli(['--version'])).toEqual({ code: 0, stdout: `${packageJson.version}\n`, stderr: '' })
  })

  it.each([
    [['chek'], 'unknown verb "chek"; did you mean check?'],
    [['help', 'srve'], 'unknown verb "srve"; did you mean serve?'],
    [['xyzzy'], 'unknown verb "xyzzy"; see sallyport --help'],
    [['--versoin'], 'unknown flag --versoin; did you mean --version?'],
    [['check', '--jsn', 'x'], 'unknown flag --jsn; did you mean --json?'],
    [['check', '-z', 'x'], 'unknown flag -z; see sallyport check --help'],
    [['check', '--json=yes', 'x'], '--json takes no value'],
    [['check'], 'check needs a policy file or folder: sallyport check policies/'],
    [['serve', '--port'], '--port needs a value: --port PORT'],
    [['serve', '--port', '--watch', 'x'], '--port needs a value; to pass --watch as one, write --port=--watch'],
    [['serve', '--port', '1', '--port', '2', 'x'], '--port is given twice'],
    [['bundle', 'bild'], 'bundle needs build, sign, verify or push; did you mean build?'],
    [['openapi', '--server', 'ftp://x'], '--server is where the service answers: https://HOST, http://HOST or /PATH'],
    [
      ['key', 'create', 'pep-1', '--all-tenants', '--expires', '90d'],
      '--expires: "90d" is not an ISO 8601 duration; write P90D',
    ],
    [
      ['key', 'create', 'pep-1', '--all-tenants', '--expires', '3x'],
      '--expires: "3x" is not an ISO 8601 duration; write, for example, P30D (30 days), PT2H (2 hours) or P1Y6M (a year and 6 months)',
    ],
    [
      ['explain', '-p', records, '-s', 'user:a', '-a', 'read', '-r', 'record:1', '--why-not', '--limit', 'x'],
      '--limit is a whole number from 1 to 100',
    ],
    [['serve', 'x', 'y'], 'unexpected argument "y"; see sallyport serve --help'],
    [['compile', 'x'], 'unexpected argument "x"; policies go with -p; see sallyport compile --help'],
    [['evaluate', '-p', records, '{"subject":1}'], 'a request is a file, or - for standard input; write it there'],
    [['db', 'init', 'mysql://db'], 'mysql:// is no database; use postgres://…, or the path of an SQLite file'],
  ])('%j is wrong usage, told in one line', async (argv, message) => {
    expect(await cli(argv)).toEqual({ code: 2, stdout: '', stderr: `error: ${message}  E_USAGE\n` })
  })

  it.each([
    [['check', '--json', 'nowhere'], 1, { error: { code: 'E_FILE', message: 'nowhere does not exist' } }],
    [['check', '--jsn', '--json', 'x'], 2, { error: { code: 'E_USAGE', message: expect.stringContaining('--jsn') } }],
    [['evaluate', '--json', '-p', 'nowhere', '-'], 1, { error: { code: 'E_FILE', message: expect.any(String) } }],
  ])('%j tells the error as JSON as well', async (argv, code, error) => {
    const ended = await cli(argv)
    expect(ended.code).toBe(code)
    expect(JSON.parse(ended.stdout)).toEqual(error)
    expect(ended.stderr).toMatch(/^error: .*\n$/)
  })

  it('tells the mistakes of policies as JSON as well', async () => {
    const cwd = await folder({ 'p.yaml': 'version: 1\nrules: [{ id: r, alow: read }]\n' })
    const { code, stdout } = await cli(['evaluate', '-p', 'p.yaml', '--json', '-'], { cwd, stdin: '{}' })
    expect(code).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'E_POLICY', message: 'the policies have 1 error' },
      diagnostics: [{ code: 'E_KEY' }],
    })
  })

  it('tells nothing as JSON that follows --', async () => {
    expect((await cli(['check', '--', '--json'])).stdout).toBe('')
  })

  it('takes what follows -- as it is', async () => {
    expect((await cli(['check', '--', '--help'])).stderr).toBe('error: --help does not exist  E_FILE\n')
  })

  it('uses colour on a terminal only, and never with NO_COLOR', async () => {
    const sgr = '\u001b['
    const argv = ['check', records]
    expect((await cli(argv, { tty: true })).stdout).toContain(`${sgr}32mok${sgr}39m`)
    expect((await cli(argv)).stdout).not.toContain(sgr)
    expect((await cli(argv, { tty: true, env: { NO_COLOR: '1' } })).stdout).not.toContain(sgr)
    expect((await cli(argv, { tty: true, env: { TERM: 'dumb' } })).stdout).not.toContain(sgr)
  })

  it('shows stack traces only when asked to', async () => {
    expect((await cli(['check', 'nowhere'])).stderr).toBe('error: nowhere does not exist  E_FILE\n')
    expect((await cli(['check', 'nowhere'], { env: { SALLYPORT_DEBUG: '1' } })).stderr).toMatch(/^ {4}at /m)
  })
})
