/** Regular expressions as JavaScript's own: "Regular expressions" of docs/policy-reference.md. */

/** The expression as JavaScript takes it: `(?i)` and the like at its start are flags there. */
export function toRegExp(source: string, more = ''): RegExp {
  const [group = '', flags = ''] = /^\(\?([ims]+)\)/.exec(source) ?? []
  // Twice the same letter is one flag.
  return new RegExp(source.slice(group.length), [...new Set(`u${flags}${more}`)].join(''))
}
