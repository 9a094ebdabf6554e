/** Documents with one place to make a mistake in. */
import { check } from '../support.ts'

/** A rule with this condition, on line 5. */
export function withWhen(when: string): string {
  return withLine(`when: ${when}`)
}

/** A rule with this line, the fifth. */
export function withLine(line: string): string {
  return `version: 1\nrules:\n  - id: r\n    allow: read\n    ${line}\n`
}

/** A document with this line, the second. */
export function document(line: string): string {
  return `version: 1\n${line}\nrules: [{ id: r, allow: read }]\n`
}

/** What is wrong with a text, as `LINE:COLUMN CODE MESSAGE`; warnings left out. */
export function errorsOf(text: string): string[] {
  return check(text).filter((line) => line.includes(' E_'))
}
