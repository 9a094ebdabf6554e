/** Checks of nodes of Op.Trust: operands that exist, known choices, numbers that mean something. */
import { Operand } from '../abi/condition'
import { Layout, Limit } from '../abi/memory'
import { Decay, TrustNode, TrustOver } from '../abi/trust'
import { readsItemPart } from './item-parts'

/** Whether the node, which has all its words, is valid in a frame of so many bytes. */
export function validTrust(node: u32, slotBytes: u32): bool {
  const flags = load<u32>(node, TrustNode.Flags << 2)
  const decay = (flags >> 8) & 0xff
  const bounds = flags >> 16
  if ((flags & 0xff) > <u32>TrustOver.Product || decay > <u32>Decay.Linear || bounds == 0 || bounds > 3) return false
  const decays = decay != Decay.None
  if (!inFrame(node, TrustNode.Score, slotBytes)) return false
  if (!(decays ? inFrame(node, TrustNode.Updated, slotBytes) : isNone(node, TrustNode.Updated))) return false
  if (!(decays ? inFrame(node, TrustNode.Now, slotBytes) : isNone(node, TrustNode.Now))) return false
  if (isNone(node, TrustNode.Delegators)) {
    if (!isNone(node, TrustNode.ItemScore) || !isNone(node, TrustNode.ItemUpdated)) return false
  } else {
    if (!inFrame(node, TrustNode.Delegators, slotBytes) || !inItem(node, TrustNode.ItemScore)) return false
    if (!(decays ? inItem(node, TrustNode.ItemUpdated) : isNone(node, TrustNode.ItemUpdated))) return false
  }
  const scale = load<f64>(node, TrustNode.Scale << 2)
  if (scale != 1 && scale != 1000) return false
  if (!onScale(node, TrustNode.Min, scale) || !onScale(node, TrustNode.Max, scale)) return false
  if (!onScale(node, TrustNode.Lose, scale) || !onScale(node, TrustNode.Floor, scale)) return false
  const period = load<f64>(node, TrustNode.Period << 2)
  return decays ? period > 0 && period < Infinity : period == 0
}

function isNone(node: u32, field: u32): bool {
  return load<u32>(node + (field << 2)) == 0
}

function inFrame(node: u32, field: u32, slotBytes: u32): bool {
  const word = load<u32>(node + (field << 2))
  return (word & 15) == Operand.Frame && (word & ~15) < slotBytes
}

function inItem(node: u32, field: u32): bool {
  const word = load<u32>(node + (field << 2))
  const part = word & ~15
  if ((word & 15) != Operand.Item || part >= <u32>Limit.ItemParts * Layout.CellSize) return false
  readsItemPart(load<u32>(node + (TrustNode.Delegators << 2)) & ~15, part)
  return true
}

function onScale(node: u32, field: u32, scale: f64): bool {
  const value = load<f64>(node + (field << 2))
  return value >= 0 && value <= scale
}
