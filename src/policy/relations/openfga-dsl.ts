/** OpenFGA's parser of its modelling language; only what parses. */
import { transformDSLToJSONObject } from '@openfga/syntax-transformer/dist/transformer/dsltojson.js'

export function readDsl(text: string): unknown {
  return transformDSLToJSONObject(text)
}
