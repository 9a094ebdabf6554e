/** The engines that are measured, by the name that `--peer` takes; the first is ours. */
import { agtClient, agtFlat, agtRich } from './agt.ts'
import { type Baseline, baselines } from './baseline.ts'
import { biscuit } from './biscuit.ts'
import { casbin } from './casbin.ts'
import { casl } from './casl.ts'
import { caslUser } from './casl-user.ts'
import { cedar, cedarWithSchema } from './cedar.ts'
import { bufbuildCel, celJs, marcbachmannCel } from './cel.ts'
import { jsChains } from './js-chains.ts'
import { jsClosures } from './js-closures.ts'
import { jsGraph } from './js-graph.ts'
import { jsIndex } from './js-peer.ts'
import { opaWasm } from './opa.ts'
import type { Peer } from './peer.ts'
import { sallyport, sallyportOperators } from './sallyport.ts'

export const peers: readonly (Peer | Baseline)[] = [
  sallyport,
  sallyportOperators,
  jsIndex,
  jsClosures,
  jsChains,
  jsGraph,
  casl,
  caslUser,
  opaWasm,
  biscuit,
  casbin,
  cedar,
  cedarWithSchema,
  agtRich,
  agtFlat,
  agtClient,
  bufbuildCel,
  marcbachmannCel,
  celJs,
  ...baselines,
]

/** The peer of that name, or undefined. */
export function findPeer(name: string): Peer | Baseline | undefined {
  return peers.find((peer) => peer.name === name)
}
