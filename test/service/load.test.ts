import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPolicies } from '../../src/service/load.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sallyport-load-'))
  const files = {
    'all/b.yaml': 'b',
    'all/a/z.json': 'z',
    'all/a/B.yml': 'B',
    'all/a.yaml': 'a',
    'all/README.md': 'no policy',
    'all/c.yaml.bak': 'no policy',
    'all/.hidden.yaml': 'hidden',
    'all/.git/x.yaml': 'hidden',
    'elsewhere/linked.yaml': 'linked',
    'elsewhere/inside/deep.yaml': 'deep',
    'none/README.md': '',
    'loop/x.yaml': '',
    'broken/ok.yaml': '',
    'bytes/latin1.yaml': Buffer.from('é', 'latin1'),
  }
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), text)
  }
  await symlink(join(folder, 'elsewhere/linked.yaml'), join(folder, 'all/link.yaml'))
  await symlink(join(folder, 'elsewhere/inside'), join(folder, 'all/linked-folder'))
  await symlink(join(folder, 'loop'), join(folder, 'loop/up'))
  await symlink(join(folder, 'gone.yaml'), join(folder, 'broken/gone.yaml'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('readPolicies', () => {
  it('reads a folder in the order of paths, links included, dots left out', async () => {
    const files = await readPolicies(join(folder, 'all'))
    expect(files.map(({ name, text }) => [name.slice(folder.length + 5), text])).toEqual([
      ['a.yaml', 'a'],
      ['a/B.yml', 'B'],
      ['a/z.json', 'z'],
      ['b.yaml', 'b'],
      ['link.yaml', 'linked'],
      ['linked-folder/deep.yaml', 'deep'],
    ])
  })

  it('reads one file of any name', async () => {
    const path = join(folder, 'all/c.yaml.bak')
    expect(await readPolicies(path)).toEqual([{ name: path, text: 'no policy' }])
  })

  it.each([
    ['missing', 'missing does not exist'],
    ['none', 'none holds no .yaml, .yml or .json file'],
    ['loop', 'is a link to a folder that it lies in'],
    ['broken', 'broken/gone.yaml does not exist'],
    ['bytes', 'latin1.yaml is not valid UTF-8'],
  ])('fails on %s', async (name, message) => {
    await expect(readPolicies(join(folder, name))).rejects.toMatchObject({
      code: 'E_FILE',
      message: expect.stringContaining(message),
    })
  })
})
