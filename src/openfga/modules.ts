/** OpenFGA's models in several modules. Not in the policy's own reader: it brings what most policies never need. */
import { transformModuleFilesToModel } from '@openfga/syntax-transformer/dist/transformer/modules/modules-to-model.js'

/** The JSON form of modules that may extend each other's types. */
export function readModules(
  files: readonly { readonly name: string; readonly contents: string }[],
  schema: string,
): unknown {
  return transformModuleFilesToModel([...files], schema)
}
