/** A policy document as YAML, laid out as people write it: what is short stands on one line. */
import { Document, isCollection, isMap, isScalar, isSeq, type Node, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import type { PolicyDocument } from './document.ts'

const width = 120
/** Above this, a map or list of plain values is spread over lines. */
const longestFlow = 80

/**
 * @param comment Lines for the top of the text, without `#`.
 * @example writeDocument({ version: 1, rules: [] }) // 'version: 1\nrules: []\n'
 */
export function writeDocument(document: PolicyDocument, comment = ''): string {
  // The version that we read has no words such as `yes`; strings that look like other values are quoted.
  const yaml = new Document(document, { version: '1.2', aliasDuplicateObjects: false })
  visit(yaml, {
    Collection(_, node) {
      node.flow = isShort(node)
    },
    Pair(_, { key, value }) {
      if (!(isScalar(key) && key.value === 'rules' && isSeq(value))) return
      for (const rule of value.items.slice(1)) if (isMap(rule)) rule.spaceBefore = true
    },
  })
  if (comment !== '') yaml.commentBefore = comment.replace(/^/gm, ' ')
  return yaml.toString({ lineWidth: width, flowCollectionPadding: true })
}

/** Plain values, or tests of one attribute, that fit on a line together with their key. */
function isShort(node: YAMLMap | YAMLSeq): boolean {
  const items: readonly unknown[] = isMap(node) ? node.items.map(({ value }) => value) : node.items
  if (items.length === 0) return true
  const plain = items.every((item) => isScalar(item) || (isSeq(item) && isShort(item)) || isReference(item))
  return plain && JSON.stringify((node as Node).toJSON()).length <= longestFlow
}

function isReference(item: unknown): boolean {
  return isMap(item) && isCollection(item) && item.items.length === 1 && item.has('ref')
}
