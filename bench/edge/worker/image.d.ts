declare module '*.image' {
  const bytes: ArrayBuffer
  export default bytes
}
