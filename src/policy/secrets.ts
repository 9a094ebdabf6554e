/** `secrets`: the attributes whose values nobody is shown. */
import type { AttributePath } from './model.ts'
import type { Entry } from './node.ts'
import { readPath } from './path.ts'
import { readList, readString } from './read.ts'
import type { Report } from './report.ts'

/** What stands in place of a secret value, and of what it is compared with. */
export const secretText = '(secret)'

/** Reads the list of paths. Mistakes go to the report. */
export function readSecrets(entry: Entry | undefined, report: Report): AttributePath[] {
  const list = entry && readList(entry.value, report, '"secrets"', 'write [subject.ssn, …]')
  const paths: AttributePath[] = []
  for (const item of list?.items ?? []) {
    const text = readString(item, report, 'an item of "secrets"')
    const path = text === undefined ? undefined : readPath(text, item, { inItems: false }, report)
    if (path === undefined) continue
    if (path.fixed || path.root === 'now') {
      // It stands in every log, in targets, and in what names the request.
      const found = `"${path.text}" names the request itself and cannot be secret`
      report.error('E_PATH', item.at, found, 'keep secrets in properties or in the context')
    } else paths.push(path)
  }
  return paths
}

/** Whether a path is a secret or lies below one. */
export function isSecret(secrets: readonly SecretPath[], path: SecretPath): boolean {
  return secrets.some(
    (secret) => secret.root === path.root && secret.keys.every((key, i) => String(key) === String(path.keys[i])),
  )
}

/** What of a path says where it leads. */
export interface SecretPath {
  readonly root: string
  readonly keys: readonly (string | number)[]
}
