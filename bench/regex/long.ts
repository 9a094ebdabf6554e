/** Time over the length of the text, for patterns on which backtracking is exponential or quadratic. */
import { engineOf } from './engine.ts'

const CASES: readonly { readonly regex: string; readonly unit: string; readonly end: string }[] = [
  { regex: '(a+)+$', unit: 'a', end: '!' },
  { regex: '^(a|aa)+$', unit: 'a', end: '!' },
  { regex: '^(?:a|a)*$', unit: 'a', end: '!' },
  { regex: '(.*a){20}b', unit: 'a', end: '!' },
  { regex: '^(([a-z])+.)+[A-Z]([a-z])+$', unit: 'a', end: '!' },
  { regex: '(x+x+)+y', unit: 'x', end: 'z' },
  { regex: '^(\\w+\\s?)*$', unit: 'aaaa ', end: '!' },
  { regex: '\\s+$', unit: ' ', end: 'x' },
  { regex: '(a|b)*a(a|b){16}c', unit: 'ab', end: '!' },
]
const LENGTHS = [62_500, 125_000, 250_000, 500_000, 1_000_000]

export async function long(): Promise<string> {
  const lines = [
    `| expression | ${LENGTHS.map((length) => length.toLocaleString('en')).join(' | ')} |`,
    `| --- |${' ---: |'.repeat(LENGTHS.length)}`,
  ]
  for (const { regex, unit, end } of CASES) {
    const engine = await engineOf({
      version: 1,
      rules: [{ id: 'r', allow: 'read', when: { 'context.text': { regex } } }],
    })
    const cells = LENGTHS.map((length) => {
      const text = unit.repeat(length / unit.length) + end
      const request = {
        subject: { type: 'user', id: 'alice' },
        action: { name: 'read' },
        resource: { type: 'doc', id: 'd1' },
        context: { text },
      }
      const times = Array.from({ length: 5 }, () => {
        const start = performance.now()
        engine.evaluate(request)
        return performance.now() - start
      })
      const { code } = engine.evaluate(request)
      return code === 'limit' ? 'limit' : `${Math.min(...times).toFixed(1)} ms`
    })
    lines.push(`| \`${regex.replaceAll('|', '\\|')}\` | ${cells.join(' | ')} |`)
  }
  return lines.join('\n')
}
