import { parsePolicies } from '../../../src/policy/index.ts'

/** The diagnostics of a text, as `LINE:COLUMN CODE MESSAGE`. */
export function check(text: string): string[] {
  return parsePolicies({ name: 'p.yaml', text }).diagnostics.map(
    ({ place, code, message }) => `${place.line}:${place.column} ${code} ${message}`,
  )
}
