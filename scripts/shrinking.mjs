/** What wasm-opt is told when it goes over the core as a whole: what asc turns on, for it assumes nothing. */
export const shrinking = [
  '-Os',
  '--converge',
  '--reorder-locals',
  '--reorder-functions',
  '--enable-bulk-memory',
  '--enable-simd',
  '--enable-nontrapping-float-to-int',
  '--enable-sign-ext',
  '--enable-mutable-globals',
]
