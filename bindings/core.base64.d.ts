/** build/core.wasm as base64. `npm run build:core` writes core.base64.js. */
declare const base64: string
export default base64
