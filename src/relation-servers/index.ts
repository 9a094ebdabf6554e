/** `sallyport/relations`: relations that others know, for policies whose tuples are too many for memory. */
export { decideByRelations } from '../relation-source/decide.ts'
export type {
  AskedRelation,
  RelationSettings,
  RelationSource,
  SourceAnswer,
  SourceScene,
} from '../relation-source/port.ts'
export type { HttpSourceOptions } from './http.ts'
export { type OpenFgaOptions, openFgaSource } from './openfga.ts'
export { type SpiceDbConsistency, type SpiceDbOptions, spiceDbSource } from './spicedb.ts'
