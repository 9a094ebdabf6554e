/** Texts such as `"<= 2"` that are plainly meant as an operator and a number: they are compared as text all the same. */

const signs: Readonly<Record<string, string>> = {
  '<': 'lt',
  '<=': 'lte',
  '>': 'gt',
  '>=': 'gte',
  '==': 'eq',
  '!=': 'neq',
}

/** @example meantComparison('<= 2') // '{ lte: 2 }' */
export function meantComparison(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, sign = '', number] = /^(<=?|>=?|==|!=)\s*(-?(?:0|[1-9]\d{0,14})(?:\.\d{1,6})?)$/.exec(value) ?? []
  return number === undefined ? undefined : `{ ${signs[sign]}: ${number} }`
}
