/** Values of expressions, read from the core's memory: for explanations, which show them as CEL writes them. */

import { CelFault, CelTag, CelType } from '../../assembly/abi/cel.ts'
import { Tag } from '../../assembly/abi/frame.ts'
import type { Core } from './core.ts'
import type { ImageReader } from './image-reader.ts'

/** A value with its type; `error` for an expression that has none. */
export type CelValue =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int' | 'uint'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'list'; readonly value: readonly CelValue[] }
  /** Entries; undefined for a map whose entries the expression did not ask for. */
  | { readonly type: 'map'; readonly value: readonly (readonly [CelValue, CelValue])[] | undefined }
  | { readonly type: 'timestamp' | 'duration'; readonly seconds: bigint; readonly nanos: number }
  | { readonly type: 'ipaddress'; readonly value: Uint8Array }
  | { readonly type: 'type'; readonly value: string }
  | { readonly type: 'optional'; readonly value: CelValue | undefined }
  /** `node`: address of what failed. */
  | { readonly type: 'error'; readonly fault: CelFault; readonly node: number }

const typeNames: Readonly<Record<number, string>> = {
  [CelType.Null]: 'null_type',
  [CelType.Bool]: 'bool',
  [CelType.Int]: 'int',
  [CelType.Uint]: 'uint',
  [CelType.Double]: 'double',
  [CelType.String]: 'string',
  [CelType.Bytes]: 'bytes',
  [CelType.List]: 'list',
  [CelType.Map]: 'map',
  [CelType.Timestamp]: 'google.protobuf.Timestamp',
  [CelType.Duration]: 'google.protobuf.Duration',
  [CelType.Type]: 'type',
  [CelType.Optional]: 'optional_type',
  [CelType.IpAddress]: 'ipaddress',
}

/** Why an expression has no value, in words. */
export const faultTexts: Readonly<Record<CelFault, string>> = {
  [CelFault.None]: '',
  [CelFault.NoSuchKey]: 'not there',
  [CelFault.NoOverload]: 'of a type that this does not work on',
  [CelFault.Overflow]: 'out of range',
  [CelFault.DivideByZero]: 'divided by zero',
  [CelFault.Index]: 'an index outside',
  [CelFault.Conversion]: 'cannot be converted',
  [CelFault.Key]: 'a key that occurs twice, or of a type that keys cannot have',
  [CelFault.Invalid]: 'no value of the language, or text that is not well-formed',
  [CelFault.Limit]: 'too much work or memory',
  [CelFault.Argument]: 'an argument that the function does not take',
  [CelFault.NoValue]: 'an optional without a value',
  [CelFault.Count]: '',
}

/** Reads the cell at an address. */
export function readCelValue(core: Core, image: ImageReader, address: number): CelValue {
  const view = new DataView(core.u8.buffer)
  const word = (at: number): number => view.getUint32(at, true)
  const bytes = (at: number, length: number): Uint8Array => core.u8.slice(at, at + length)
  const read = (cell: number): CelValue => {
    const aux = word(cell + 4)
    const first = word(cell + 8)
    const long = view.getBigInt64(cell + 8, true)
    switch (word(cell)) {
      case Tag.Null:
        return { type: 'null' }
      case Tag.Boolean:
        return { type: 'bool', value: aux === 1 }
      case Tag.Number:
        return { type: 'double', value: view.getFloat64(cell + 8, true) }
      case Tag.String: {
        if (aux < image.stringCount) return { type: 'string', value: image.stringAt(aux) }
        return { type: 'string', value: new TextDecoder().decode(bytes(first, word(cell + 12))) }
      }
      case Tag.List: {
        const stride = word(cell + 12)
        return { type: 'list', value: Array.from({ length: aux }, (_, i) => read(first + i * stride)) }
      }
      case CelTag.Map: {
        const entry = (i: number) => [read(first + i * 32), read(first + i * 32 + 16)] as const
        return { type: 'map', value: Array.from({ length: aux }, (_, i) => entry(i)) }
      }
      case Tag.Map:
        return { type: 'map', value: undefined }
      case CelTag.Int:
        return { type: 'int', value: long }
      case CelTag.Uint:
        return { type: 'uint', value: BigInt.asUintN(64, long) }
      case CelTag.Bytes:
        return { type: 'bytes', value: bytes(first, word(cell + 12)) }
      case CelTag.Timestamp:
        return { type: 'timestamp', seconds: long, nanos: aux }
      case CelTag.Duration:
        return { type: 'duration', seconds: long, nanos: aux }
      case CelTag.IpAddress:
        return { type: 'ipaddress', value: bytes(first, aux === 4 ? 4 : 16) }
      case CelTag.Type:
        return { type: 'type', value: typeNames[aux] ?? '' }
      case CelTag.Optional:
        return { type: 'optional', value: aux === 1 ? read(first) : undefined }
      case CelTag.Error:
        return { type: 'error', fault: aux, node: first }
      default:
        return { type: 'error', fault: CelFault.Invalid, node: 0 }
    }
  }
  return read(address)
}
