/** Writes text as UTF-8; half a surrogate pair becomes U+FFFD. */
export const ENCODER = new TextEncoder()
