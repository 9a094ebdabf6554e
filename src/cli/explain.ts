/** `sallyport explain`: decide requests and tell why. */
import { defineCommand } from './command.ts'
import { decideDetails, decideOptions, readQuestion } from './decide.ts'
import { exitOf } from './exit.ts'
import { formatExplanation } from './explanation.ts'
import { print, printJson } from './io.ts'
import { style } from './style.ts'

export const explain = defineCommand({
  name: 'explain',
  summary: 'Decide a request and show which rules and tests led there.',
  operands: '[REQUEST]',
  maxOperands: 1,
  details: decideDetails,
  options: {
    ...decideOptions,
    json: { type: 'boolean', description: 'Print the explanation as JSON; of several, one a line.' },
  },
  examples: [
    [
      'sallyport explain -p policies/ --subject user:alice --action write --resource record:record-2',
      'shows the votes of the sets, the rules whose target matched, and each of their tests',
    ],
    ['sallyport explain -p policies/ request.json --json', 'the same for programs'],
  ],
  async run({ flags, operands }, io) {
    const { engine, requests, options } = await readQuestion('explain', flags, operands, io)
    const explanations = requests.map((request) => engine.explain(request, options))
    const paint = style(io, io.stdout)
    const only = explanations.length === 1
    for (const [i, explanation] of explanations.entries()) {
      if (flags.json) printJson(io.stdout, explanation, only)
      else print(io.stdout, `${i === 0 ? '' : '\n'}${formatExplanation(explanation, requests[i]!, paint)}`)
    }
    return exitOf(explanations.map(({ decision }) => decision.status))
  },
})
