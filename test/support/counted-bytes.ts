/** In place of random bytes: every sixteen of them, as many as an id has, are a number that counts up. */
export function countedBytes(): (length: number) => Uint8Array {
  let made = 0
  return (length) => {
    const bytes = new Uint8Array(length)
    for (let i = 15; i < length; i += 16) {
      made++
      bytes[i] = made
      bytes[i - 1] = made >>> 8
    }
    return bytes
  }
}
