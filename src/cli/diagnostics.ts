/** Diagnostics as people read them. */
import { type Diagnostic, formatDiagnostic } from '../policy/diagnostic.ts'
import { type Io, type Output, print } from './io.ts'
import { style } from './style.ts'

/** One a line, the severity in colour. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], io: Io, output: Output): void {
  const { red, yellow } = style(io, output)
  for (const diagnostic of diagnostics) {
    const { severity } = diagnostic
    const paint = severity === 'error' ? red : yellow
    print(output, formatDiagnostic(diagnostic).replace(`  ${severity}  `, `  ${paint(severity)}  `))
  }
}

/** `2 errors, 1 warning`; what there is none of is left out. */
export function tally(diagnostics: readonly Diagnostic[]): string {
  const errors = countOf(diagnostics, 'error')
  const warnings = countOf(diagnostics, 'warning')
  return [errors > 0 ? plural(errors, 'error') : '', warnings > 0 ? plural(warnings, 'warning') : '']
    .filter(Boolean)
    .join(', ')
}

export function countOf(diagnostics: readonly Diagnostic[], severity: Diagnostic['severity']): number {
  return diagnostics.filter((d) => d.severity === severity).length
}

/** @example plural(2, 'rule') // '2 rules' */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
