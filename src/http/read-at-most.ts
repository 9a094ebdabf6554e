/**
 * The bytes of a stream; undefined when it has more than `most`, and then the rest is not read.
 *
 * @example const bytes = await readAtMost(response.body, 1 << 20)
 */
export async function readAtMost(
  stream: ReadableStream<Uint8Array> | null | undefined,
  most: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = stream?.getReader()
  while (reader !== undefined) {
    const { done, value } = await reader.read()
    if (done) break
    length += value.length
    if (length > most) {
      // What the other end makes of it is its own affair.
      reader.cancel().catch(() => {})
      return undefined
    }
    chunks.push(value)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.length
  }
  return whole
}
