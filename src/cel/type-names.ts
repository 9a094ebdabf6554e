/** Names that stand for types. */
import { CelType } from '../../assembly/abi/cel.ts'

const typeNames: Readonly<Record<string, CelType>> = {
  bool: CelType.Bool,
  int: CelType.Int,
  uint: CelType.Uint,
  double: CelType.Double,
  string: CelType.String,
  bytes: CelType.Bytes,
  list: CelType.List,
  map: CelType.Map,
  null_type: CelType.Null,
  type: CelType.Type,
  optional_type: CelType.Optional,
}
const qualifiedTypes: Readonly<Record<string, CelType>> = {
  'google.protobuf.Timestamp': CelType.Timestamp,
  'google.protobuf.Duration': CelType.Duration,
}

/** The type that a name stands for. */
export function typeNamed(name: string): CelType | undefined {
  return Object.hasOwn(typeNames, name) ? typeNames[name] : undefined
}

/** The type that a name with dots stands for. */
export function qualifiedType(name: string): CelType | undefined {
  return Object.hasOwn(qualifiedTypes, name) ? qualifiedTypes[name] : undefined
}
