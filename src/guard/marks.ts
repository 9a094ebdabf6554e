/** What of a request is not to be trusted, as a part of what digests are made of: the same request with other marks is another one. */

/** Empty where nothing is marked: digests of before there were marks in them stay as they are. */
export function marksOf(untrusted: readonly string[] = []): { readonly untrusted?: readonly string[] } {
  return untrusted.length === 0 ? {} : { untrusted: [...new Set(untrusted)].sort() }
}
