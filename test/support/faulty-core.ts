/** The core with a fault built in, to stand in for the real one: see loadCore. */
import binaryen from 'binaryen'
import { decodeBase64 } from '../../bindings/base64.ts'
import base64 from '../../bindings/core.base64.js'

/** In pages of 64 KiB: more than a small policy takes, and less than it takes with a long list in a request. */
const MOST_PAGES = 256

/** The real core, but that the second half of a decision traps while memory is larger than MOST_PAGES. */
export async function loadCore(): Promise<WebAssembly.Module> {
  const core = binaryen.readBinary(decodeBase64(base64))
  core.setFeatures(binaryen.Features.All)
  const decide = binaryen.getExportInfo(core.getExport('decide')).value
  const isFaulty = core.i32.gt_u(core.memory.size(), core.i32.const(MOST_PAGES))
  const body = core.if(isFaulty, core.unreachable(), core.call(decide, [], binaryen.i32))
  core.addFunction('faulty', binaryen.none, binaryen.i32, [], body)
  core.removeExport('decide')
  core.addFunctionExport('faulty', 'decide')
  return new WebAssembly.Module(core.emitBinary().slice())
}
