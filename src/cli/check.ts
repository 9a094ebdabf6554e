/** `sallyport check`: are these policies valid? */
import { formatCost } from '../cel/cost.ts'
import { compileModel } from '../compiler/index.ts'
import { type PatternCost, patternCosts } from '../compiler/pattern-cost.ts'
import { ruleCost } from '../compiler/rule-cost.ts'
import type { SallyportError } from '../errors.ts'
import { parsePolicies } from '../policy/index.ts'
import type { PolicyModel } from '../policy/model.ts'
import { summarize } from '../policy/summary.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { plural, printDiagnostics, tally } from './diagnostics.ts'
import { exit } from './exit.ts'
import { reportFailure } from './failure.ts'
import { print, printJson } from './io.ts'
import { readSources } from './policies.ts'
import { style } from './style.ts'

export const check = defineCommand({
  name: 'check',
  summary: 'Check policies for mistakes.',
  operands: 'PATH...',
  maxOperands: Number.POSITIVE_INFINITY,
  details: [
    'PATH is a policy file or a folder; - reads standard input. Several paths make one set of policies.',
    'Exit code: 0 valid (warnings allowed), 1 mistakes, 2 wrong usage.',
  ],
  options: {
    json: { type: 'boolean', description: 'Print { ok, diagnostics, summary } as JSON.' },
    strict: { type: 'boolean', description: 'Warnings fail as well.' },
    cost: { type: 'boolean', description: 'Show what each rule and each pattern can cost at most.' },
  },
  examples: [
    ['sallyport check policies/', 'prints each mistake with its place, and a summary'],
    [
      'sallyport check policies/ --cost',
      'shows, for each rule, how many steps it takes at most, and what its patterns cost',
    ],
    ['cat policies.yaml | sallyport check --strict -', 'checks standard input; a warning is a failure'],
  ],
  async run({ flags, operands }, io) {
    if (operands.length === 0) throw usage('check needs a policy file or folder: sallyport check policies/')
    const unreadable: SallyportError[] = []
    const { files } = await readSources(operands, io, (error) => unreadable.push(error))
    const [first] = unreadable
    if (first !== undefined && files.length === 0 && unreadable.length === 1) throw first
    const { tenants, diagnostics } = parsePolicies(files)
    const models = [...tenants.values()]
    // A valid document may still pass a limit of the image.
    for (const model of models) compileModel(model)
    const summary = summarize(files.length, tenants, diagnostics)
    const ok = first === undefined && summary.errors === 0 && !(flags.strict && diagnostics.length > 0)
    if (flags.json) {
      const costs = flags.cost && { costs: models.flatMap(costsOf), patterns: models.flatMap(patternCosts) }
      const message = unreadable.map((error) => error.message).join('; ')
      const failure = first && { error: { code: first.code, message } }
      printJson(io.stdout, { ok, diagnostics, summary, ...costs, ...failure })
    } else {
      printDiagnostics(diagnostics, io, io.stdout)
      const paint = style(io, io.stdout)
      const inFiles = ` in ${plural(files.length, 'file')}`
      const found = tally(diagnostics)
      if (ok) {
        const { rules, sets } = summary
        const counts = [plural(rules, 'rule'), plural(sets, 'set'), plural(models.length, 'tenant')].join(', ')
        print(io.stdout, `${paint.green('ok')}: ${counts}${inFiles}${found ? ` (${found})` : ''}`)
      } else if (diagnostics.length > 0) print(io.stdout, paint.red(found + inFiles))
      if (flags.cost) {
        for (const { rule, place, steps } of models.flatMap(costsOf)) print(io.stdout, `${place}  ${rule}  ${steps}`)
        for (const pattern of models.flatMap(patternCosts)) print(io.stdout, describePattern(pattern))
      }
    }
    // What is wrong with the files that can be read is told all the same.
    for (const error of unreadable) reportFailure(error, io)
    return ok ? exit.ok : exit.failure
  },
})

interface RuleCost {
  readonly rule: string
  readonly place: string
  /** |x| is the number of items or entries of x, or of eights of its bytes. */
  readonly steps: string
}

/** Steps in the worst case of the rules that take any. */
function costsOf({ sets }: PolicyModel): RuleCost[] {
  return sets.flatMap(({ rules }) =>
    rules.flatMap((rule) => {
      const { file, line, column } = rule.place
      const steps = formatCost(ruleCost(rule))
      return steps === '0' ? [] : [{ rule: rule.id, place: `${file}:${line}:${column}`, steps }]
    }),
  )
}

/** `regex "(a+)+$"  table of 3 states, 0.25 steps a byte` */
function describePattern({ kind, source, form, states, stepsPerByte }: PatternCost): string {
  const how = kind === 'glob' ? '' : `${form} of ${states} states, `
  return `${kind} ${JSON.stringify(source)}  ${how}${stepsPerByte} steps a byte`
}
