import { MAX_KEY_BYTES } from '../store/values.ts'

/** What to say of a name that no key of a store holds, without the names of its columns. */
export function notAKey(name: string, of: string): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name
  return `the name ${JSON.stringify(shown)} of ${of} has more than ${MAX_KEY_BYTES} bytes, or a character that no store keeps; use another`
}
