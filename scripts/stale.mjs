/**
 * Whether built files still belong to their sources. By the hash of the sources' contents and not by times: a checkout, a
 * copy or an unpacked archive sets times as it likes.
 */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'

/** Whether every output of the target is there and was built from inputs of this hash. */
export function isFresh({ name, outputs }, digest) {
  const stamp = stampOf(name)
  return outputs.every((path) => existsSync(path)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === digest
}

/** To be called when the outputs have been built. */
export function markFresh({ name }, digest) {
  mkdirSync(dirname(stampOf(name)), { recursive: true })
  writeFileSync(stampOf(name), digest)
}

function stampOf(name) {
  return `build/stamps/${name}`
}

/** Of all files at or below the paths: their names and contents. */
export function hash(paths) {
  const sum = createHash('sha256')
  for (const file of paths.flatMap(listFiles)) {
    const content = readFileSync(file)
    sum.update(`${file}\0${content.length}\0`).update(content)
  }
  return sum.digest('hex')
}

function listFiles(path) {
  if (!existsSync(path)) return []
  if (!statSync(path).isDirectory()) return [path]
  return readdirSync(path)
    .sort()
    .flatMap((name) => listFiles(`${path}/${name}`))
}
