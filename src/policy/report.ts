/** Collects what is wrong, so that all mistakes are told at once. */
import type { Finding } from './analysis/finding.ts'
import type { DiagnosticCode } from './codes.ts'
import type { Diagnostic, Types } from './diagnostic.ts'
import { fixOf } from './fix.ts'
import { type Position, type Problem, placeOf } from './node.ts'
import { type Advice, adviceText } from './suggest.ts'

type ErrorCode = Extract<DiagnosticCode, `E_${string}`>
type WarningCode = Extract<DiagnosticCode, `W_${string}`>

/** A list of diagnostics, and the rule that is being read. */
export class Report {
  readonly #diagnostics: Map<string, Diagnostic>
  readonly #rule: string | undefined

  constructor(diagnostics = new Map<string, Diagnostic>(), rule?: string) {
    this.#diagnostics = diagnostics
    this.#rule = rule
  }

  /** The same list, for the mistakes of one rule. */
  inRule(id: string | undefined): Report {
    return new Report(this.#diagnostics, id)
  }

  /**
   * Adds an error. The message is one line: FOUND in rule "ID"; ADVICE.
   *
   * @param found What is there: `unknown operator "equals"`.
   * @param advice What to write instead: `did you mean "eq"?`
   */
  error(code: ErrorCode, at: Position, found: string, advice?: Advice, types?: Types): void {
    this.#add('error', code, at, found, advice, types)
  }

  warning(code: WarningCode, at: Position, found: string, advice?: Advice): void {
    this.#add('warning', code, at, found, advice)
  }

  /** A warning about what the documents say together. Its place is known already. */
  finding({ code, place, rule, found, advice }: Finding): void {
    new Report(this.#diagnostics, rule).#addAt({ severity: 'warning', code, place }, found, advice)
  }

  problem(problem: Problem): void {
    this.#add('error', problem.code, problem.at, problem.found, problem.advice)
  }

  #add(
    severity: Diagnostic['severity'],
    code: DiagnosticCode,
    at: Position,
    found: string,
    advice?: Advice,
    types?: Types,
  ): void {
    const fix = typeof advice === 'object' ? fixOf(at, advice) : undefined
    const data = {
      ...(types !== undefined && { types }),
      ...(typeof advice === 'object' && { suggestion: advice.replacement }),
      ...(fix !== undefined && { fix }),
    }
    this.#addAt({ severity, code, place: placeOf(at), ...data }, found, adviceText(advice))
  }

  #addAt(
    data: Omit<Diagnostic, 'message' | 'rule'> & { readonly code: DiagnosticCode },
    found: string,
    advice?: string,
  ): void {
    const { code, place } = data
    const rule = this.#rule
    const named = rule === undefined || found.includes(JSON.stringify(rule))
    const where = named ? '' : ` in rule ${JSON.stringify(rule)}`
    const message = oneLine(found + where + (advice === undefined ? '' : `; ${advice}`))
    const diagnostic: Diagnostic = { ...data, message, ...(rule === undefined ? {} : { rule }) }
    // A part that is shared by an alias is read once for each use; its mistakes are told once.
    const key = JSON.stringify([place.file, place.line, place.column, place.path, code, message])
    if (!this.#diagnostics.has(key)) this.#diagnostics.set(key, diagnostic)
  }

  /** The id of the rule that is being read. */
  get rule(): string | undefined {
    return this.#rule
  }

  get failed(): boolean {
    for (const { severity } of this.#diagnostics.values()) if (severity === 'error') return true
    return false
  }

  /** In the order of the files, and of the lines in them; for objects, in the order found. */
  sorted(files: readonly string[]): Diagnostic[] {
    const order = new Map(files.map((file, index) => [file, index]))
    const rank = (d: Diagnostic) => order.get(d.place.file) ?? 0
    return [...this.#diagnostics.values()].sort(
      (a, b) => rank(a) - rank(b) || a.place.line - b.place.line || a.place.column - b.place.column,
    )
  }
}

/** Names in a policy may hold line breaks and terminal controls; messages must not. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Another position, as seen from this one: `3:5` in the same text, `file:3:5` in another, a path in an object. */
export function locate(at: Position, from: Position): string {
  const { file, line, column, path } = placeOf(at)
  if (line === 0) return path
  return at.source === from.source ? `${line}:${column}` : `${file}:${line}:${column}`
}
