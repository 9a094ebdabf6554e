/** Files of YAML that are not ours: read, and looked through for keys that their format does not have. */
import { parse } from 'yaml'
import { nearest } from '../policy/suggest.ts'

/** The text is no YAML. */
export class YamlFormError extends Error {
  override name = 'YamlFormError'
}

/**
 * The value of a text.
 *
 * @param what Names the text in messages, when it is another file than the one that is asked for.
 * @throws YamlFormError in one line, with the place
 */
export function parseYaml(text: string, what?: string): unknown {
  try {
    return parse(text, { logLevel: 'error' })
  } catch (error) {
    if (!(error instanceof Error)) throw error
    const [line = ''] = error.message.split('\n')
    const reason = line.charAt(0).toLowerCase() + line.slice(1).replace(/:$/, '')
    throw new YamlFormError(what === undefined ? reason : `${what}: ${reason}`)
  }
}

/** What is wrong with a key that the format does not have: a slip there would leave out assertions without a word. */
export function unknownKey(map: object, keys: readonly string[], what: string): string | undefined {
  const unknown = Object.keys(map).find((key) => !keys.includes(key))
  if (unknown === undefined) return undefined
  const guess = nearest(unknown, keys)
  const advice = guess === undefined ? `use one of ${keys.join(', ')}` : `did you mean ${JSON.stringify(guess)}?`
  return `unknown key ${JSON.stringify(unknown)} in ${what}; ${advice}`
}
