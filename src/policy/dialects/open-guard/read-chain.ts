/** The operation chain: which models decide which actions. */
import type { Entry } from '../../node.ts'
import { quote, readList, readRecord, readStrings, readText } from '../../read.ts'
import type { Report } from '../../report.ts'
import { type Model, models, type OperationChain } from './source.ts'

export function readChain(entry: Entry | undefined, report: Report): OperationChain | undefined {
  const keys = ['rules', 'default_evaluators']
  const map = entry && readRecord(entry.value, report, '"operation_chain"', keys)
  if (map === undefined) return undefined
  const rules = map.entries.get('rules')
  if (rules === undefined) report.error('E_MISSING', map.at, '"operation_chain" has no rules', 'write rules: [...]')
  const list = rules && readList(rules.value, report, '"rules" of "operation_chain"')
  const read = list?.items.flatMap((item) => {
    const rule = readRecord(item, report, 'a rule of "operation_chain"', ['action_pattern', 'evaluators'])
    const pattern = rule?.entries.get('action_pattern')
    const evaluators = rule?.entries.get('evaluators')
    if (pattern === undefined || evaluators === undefined) {
      report.error('E_MISSING', item.at, 'a rule of "operation_chain" needs action_pattern and evaluators')
      return []
    }
    const text = readText(pattern.value, report, '"action_pattern"')
    if (text === undefined) return []
    return [{ pattern: text, models: readModels(evaluators, report), at: pattern.at }]
  })
  const otherwise = map.entries.get('default_evaluators')
  const given = otherwise?.value.kind === 'scalar' && otherwise.value.scalar === null ? undefined : otherwise
  const fallback = given && readModels(given, report)
  return { rules: read ?? [], otherwise: fallback?.length === 0 ? undefined : fallback }
}

function readModels({ at, value }: Entry, report: Report): Model[] {
  const names = readStrings(value, report, 'the evaluators') ?? []
  for (const name of names) {
    if ((models as readonly string[]).includes(name)) continue
    report.warning(
      'W_IMPORT',
      at,
      `the evaluator ${quote(name)} is not one of open-guard itself and decides nothing here`,
    )
  }
  return models.filter((model) => names.includes(model))
}
