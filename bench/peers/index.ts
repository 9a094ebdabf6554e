/** The engines that are measured, by the name that `--engines` takes; the first is ours. */
import { jsIndex } from './js-peer.ts'
import type { Peer } from './peer.ts'
import { sallyport } from './sallyport.ts'

export const peers: readonly Peer[] = [sallyport, jsIndex]

/** The peer of that name, or undefined. */
export function findPeer(name: string): Peer | undefined {
  return peers.find((peer) => peer.name === name)
}
