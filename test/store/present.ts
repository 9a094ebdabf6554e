/** Tests that need a program which npm does not install. Without it they are skipped, and in CI they fail. */
import { describe, expect, test } from 'vitest'

/** @param found what was found, or in one line what to do to have it */
export function describeIf<T extends object>(
  found: T | { readonly missing: string },
  name: string,
  define: (found: T) => void,
): void {
  if (!('missing' in found)) {
    describe(name, () => define(found))
    return
  }
  if (process.env.CI) test(name, () => expect.fail(found.missing))
  else test.skip(`${name} (${found.missing})`, () => {})
}
