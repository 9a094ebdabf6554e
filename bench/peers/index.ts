/** The engines that are measured, by the name that `--peer` takes; the first is ours. */
import { agtFlat, agtRich } from './agt.ts'
import { casbin } from './casbin.ts'
import { casl } from './casl.ts'
import { cedar } from './cedar.ts'
import { jsChains } from './js-chains.ts'
import { jsClosures } from './js-closures.ts'
import { jsGraph } from './js-graph.ts'
import { jsIndex } from './js-peer.ts'
import { opaWasm } from './opa.ts'
import type { Peer } from './peer.ts'
import { sallyport } from './sallyport.ts'

export const peers: readonly Peer[] = [
  sallyport,
  jsIndex,
  jsClosures,
  jsChains,
  jsGraph,
  casl,
  opaWasm,
  casbin,
  cedar,
  agtRich,
  agtFlat,
]

/** The peer of that name, or undefined. */
export function findPeer(name: string): Peer | undefined {
  return peers.find((peer) => peer.name === name)
}
