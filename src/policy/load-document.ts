/** One document as an object: what scopes and limits are read by, without the parsers of texts. */
import { PolicyError } from './diagnostic.ts'
import type { PolicyDocument } from './document.ts'
import { mergeDocuments } from './merge.ts'
import type { PolicyModel } from './model.ts'
import { readObject } from './object.ts'
import { readDocument } from './parse.ts'
import { Report } from './report.ts'

const NAME = 'policies'

/**
 * The model of a document.
 *
 * @throws PolicyError `E_POLICY` with every mistake in it.
 * @example loadDocument({ version: 1, rules: [{ id: 'all', allow: 'read' }] }).tenant // 'default'
 */
export function loadDocument(document: PolicyDocument): PolicyModel {
  const report = new Report()
  const parsed = readDocument(readObject(NAME, document), report, true)
  const model = parsed && mergeDocuments(parsed.tenant, [parsed], report)
  if (model !== undefined && !report.failed) return model
  throw new PolicyError(report.sorted([NAME]).filter(({ severity }) => severity === 'error'))
}
