/** Two assertions that run in any runtime. */

/** @throws Error unless both are the same as JSON, with members in any order; undefined differs from everything else */
export function equal(found: unknown, expected: unknown, what = ''): void {
  const [a, b] = [written(found), written(expected)]
  if (a !== b) throw new Error(`${what}${what && ': '}found ${a}, expected ${b}`)
}

/** @throws Error unless the call rejects with this code */
export async function rejects(call: () => Promise<unknown>, code: string, what = ''): Promise<void> {
  try {
    const result = await call()
    throw new Error(`${what}${what && ': '}expected ${code}, but it gave ${written(result)}`)
  } catch (error) {
    const found = error instanceof Error && 'code' in error ? error.code : error
    if (found !== code) throw new Error(`${what}${what && ': '}expected ${code}, found ${found}`)
  }
}

function written(value: unknown): string {
  if (value === undefined) return 'undefined'
  return JSON.stringify(value, (_, it) =>
    it !== null && typeof it === 'object' && !Array.isArray(it)
      ? Object.fromEntries(Object.entries(it).sort(([a], [b]) => (a < b ? -1 : 1)))
      : it,
  )
}
