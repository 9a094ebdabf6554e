/** Changes that the system tells of only at first, or not at all. */
import { mkdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { watchPath } from '../../src/cli/watch.ts'
import { listPolicies } from '../../src/service/load.ts'
import { folder, until } from './support.ts'

function follow(path: string, files: () => Promise<readonly string[]>) {
  const seen = { changes: 0 }
  const changed = async () => void seen.changes++
  onTestFinished(watchPath({ path, files, changed, failed: (error) => expect.unreachable(String(error)) }))
  return (count: number) =>
    until(
      () => seen.changes,
      (changes) => changes >= count,
    )
}

it('a file of a folder that is replaced by renaming, again and again', async () => {
  const cwd = await folder({ 'p.yaml': 'a' })
  const told = follow(cwd, () => listPolicies(cwd))
  for (let i = 1; i <= 3; i++) {
    await writeFile(join(cwd, 'next'), `${i}`)
    await rename(join(cwd, 'next'), join(cwd, 'p.yaml'))
    await told(i)
  }
}, 30_000)

it('what a link leads to is exchanged, as where Kubernetes mounts secrets', async () => {
  const cwd = await folder({})
  for (const version of ['1', '2']) {
    await mkdir(join(cwd, `..${version}`))
    await writeFile(join(cwd, `..${version}`, 'keys.json'), version)
  }
  await symlink('..1', join(cwd, '..data'))
  await symlink('..data/keys.json', join(cwd, 'keys.json'))
  const path = join(cwd, 'keys.json')
  const told = follow(path, async () => [path])
  await symlink('..2', join(cwd, '..next'))
  await rename(join(cwd, '..next'), join(cwd, '..data'))
  await told(1)
}, 30_000)

it('where something is written all the time', async () => {
  const cwd = await folder({ 'p.yaml': 'a' })
  const told = follow(cwd, () => listPolicies(cwd))
  const writing = setInterval(() => void writeFile(join(cwd, 'log.txt'), `${performance.now()}`), 30)
  onTestFinished(() => clearInterval(writing))
  await told(2)
}, 30_000)
