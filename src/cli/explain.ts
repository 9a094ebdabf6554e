/** `sallyport explain`: decide requests and tell why. */
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { decideDetails, decideOptions, readQuestion } from './decide.ts'
import { exitOf } from './exit.ts'
import { formatExplanation } from './explanation.ts'
import { type Io, print, printJson } from './io.ts'
import { style } from './style.ts'
import { formatWhyNot } from './why-not.ts'

export const explain = defineCommand({
  name: 'explain',
  summary: 'Decide a request and show which rules and tests led there.',
  operands: '[REQUEST]',
  maxOperands: 1,
  details: decideDetails,
  options: {
    ...decideOptions,
    'why-not': { type: 'boolean', description: 'Show what would have allowed it: the rules that lack least.' },
    limit: { type: 'string', hint: 'N', description: 'With --why-not: name at most N rules (1 to 100). Default: 5.' },
    json: { type: 'boolean', description: 'Print the explanation as JSON; of several, one a line.' },
  },
  examples: [
    [
      'sallyport explain -p policies/ --subject user:alice --action write --resource record:record-2',
      'shows the votes of the sets, the rules whose target matched, and each of their tests',
    ],
    ['sallyport explain -p policies/ request.json --json', 'the same for programs'],
    [
      'sallyport explain -p policies/ request.json --why-not',
      'shows the nearest rules that allow, what they lack, and which rules stand in their way',
    ],
  ],
  async run({ flags, operands }, io) {
    const { engine, requests, options } = await readQuestion('explain', flags, operands, io)
    const paint = style(io, io.stdout)
    if (flags['why-not']) {
      const limit = flags.limit === undefined ? {} : { limit: readLimit(flags.limit) }
      const answers = requests.map((request) => engine.whyNot(request, { ...options, ...limit }))
      show(answers, flags.json, io, (answer, i) => formatWhyNot(answer, requests[i]!, paint))
      return exitOf(answers.map(({ decision }) => decision.status))
    }
    if (flags.limit !== undefined) throw usage('--limit belongs to --why-not')
    const explanations = requests.map((request) => engine.explain(request, options))
    show(explanations, flags.json, io, (explanation, i) => formatExplanation(explanation, requests[i]!, paint))
    return exitOf(explanations.map(({ decision }) => decision.status))
  },
})

/** The engine checks it too, and calls it by the name of its option. */
function readLimit(text: string): number {
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit < 1 || limit > 100) throw usage('--limit is a whole number from 1 to 100')
  return limit
}

/** One after the other: as JSON, several of them one a line; or as text with an empty line between. */
function show<T>(answers: readonly T[], json: boolean, io: Io, format: (answer: T, index: number) => string): void {
  answers.forEach((answer, i) => {
    if (json) printJson(io.stdout, answer, answers.length === 1)
    else print(io.stdout, `${i === 0 ? '' : '\n'}${format(answer, i)}`)
  })
}
