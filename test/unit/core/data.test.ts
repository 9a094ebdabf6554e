/** The core keeps nothing in memory of its own: the image is copied over whatever a data segment would put there. */

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const DATA_SECTION = 11

test('core.wasm has no data segments', () => {
  const bytes = readFileSync(new URL('../../../dist/bindings/core.wasm', import.meta.url))
  const sections: number[] = []
  // After magic and version: an id and a length in LEB128 per section (WebAssembly 2.0, section 5.5.2).
  for (let at = 8; at < bytes.length; ) {
    sections.push(bytes[at++]!)
    let length = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      length |= (byte & 0x7f) << shift
      if ((byte & 0x80) === 0) break
    }
    at += length
  }
  expect(sections.length).toBeGreaterThan(4)
  expect(sections).not.toContain(DATA_SECTION)
})
