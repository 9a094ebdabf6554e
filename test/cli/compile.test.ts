import { createHash } from 'node:crypto'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { cli, folder, open, records, twoTenants } from './support.ts'

describe('sallyport compile', () => {
  it('writes an image that decides as the policies do', async () => {
    const cwd = await folder({})
    const { code, stdout, stderr } = await cli(['compile', '-p', records, '-o', 'p.image'], { cwd })
    const bytes = await readFile(join(cwd, 'p.image'))
    const id = createHash('sha256').update(bytes).digest('hex')
    expect({ code, stdout, stderr }).toEqual({
      code: 0,
      stdout: `p.image: ${bytes.length} bytes, 9 rules, id ${id}\n`,
      stderr: '',
    })
    for (const [action, exit] of [
      ['read', 0],
      ['write', 0],
      ['delete', 3],
      ['purge', 4],
    ] as const) {
      const request = ['-s', 'user:alice', '-a', action, '-r', 'record:record-1', '--json']
      const fromImage = await cli(['evaluate', '--image', 'p.image', ...request], { cwd })
      expect(fromImage.code).toBe(exit)
      expect(fromImage).toEqual(await cli(['evaluate', '-p', records, ...request]))
    }
  })

  it('writes the same bytes for the same policies, wherever they lie', async () => {
    const cwd = await folder({})
    await cp(records, join(cwd, 'copy'), { recursive: true })
    const image = async (path: string, at: string) => {
      expect((await cli(['compile', '-p', path, '-o', join(cwd, 'x')], { cwd: at })).code).toBe(0)
      return readFile(join(cwd, 'x'))
    }
    const first = await image(records, cwd)
    expect(await image('copy', cwd)).toEqual(first)
    expect(await image('.', join(cwd, 'copy'))).toEqual(first)
    expect(await image('./copy/', cwd)).toEqual(first)
  })

  it('prints JSON, and compiles one tenant of several', async () => {
    const cwd = await folder(twoTenants)
    const { code, stdout } = await cli(['compile', '-p', '.', '-o', 'x', '--tenant', 'bolt', '--json'], { cwd })
    const { length } = await readFile(join(cwd, 'x'))
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual({
      file: 'x',
      bytes: length,
      id: expect.stringMatching(/^[0-9a-f]{64}$/),
      tenant: 'bolt',
      rules: 1,
    })
    const unclear = await cli(['compile', '-p', '.', '-o', 'y'], { cwd })
    expect([unclear.code, unclear.stderr]).toEqual([1, expect.stringMatching(/E_TENANT\n$/)])
  })

  it('writes nothing for policies with mistakes', async () => {
    const cwd = await folder({ 'p.yaml': 'version: 2\n' })
    expect((await cli(['compile', '-p', 'p.yaml', '-o', 'x'], { cwd })).code).toBe(1)
    await expect(readFile(join(cwd, 'x'))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('says why the image cannot be written', async () => {
    const cwd = await folder({ 'p.yaml': open })
    const write = async (file: string) => (await cli(['compile', '-p', 'p.yaml', '-o', file], { cwd })).stderr
    expect(await write('none/x')).toBe('error: cannot write none/x: no such file or folder  E_FILE\n')
    expect(await write('.')).toBe('error: cannot write .: it is a folder  E_FILE\n')
  })

  it('needs policies and a file', async () => {
    const example = 'sallyport compile -p policies/ -o policy.image'
    expect(await cli(['compile'])).toMatchObject({
      code: 2,
      stderr: `error: compile needs policies: ${example}  E_USAGE\n`,
    })
    expect(await cli(['compile', '-p', 'x'])).toMatchObject({
      code: 2,
      stderr: `error: compile needs a file for the image: ${example}  E_USAGE\n`,
    })
  })
})
