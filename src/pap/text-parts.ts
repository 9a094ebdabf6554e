/** Long texts in as many pieces as the columns of a store can hold. */

/** In UTF-16 units; half of what a column holds, as a driver may need room for escapes. */
const PART_LENGTH = 128 * 1024

/** Pieces that make the text again. None begins or ends within a pair of surrogates, which no store could keep. */
export function splitText(text: string, length = PART_LENGTH): string[] {
  const parts: string[] = []
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + length, text.length)
    if (end < text.length && /[\ud800-\udbff]/.test(text.charAt(end - 1))) end--
    parts.push(text.slice(start, end))
    start = end
  }
  return parts
}
