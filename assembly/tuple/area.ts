/**
 * Memory for tuples: between the core's state and the host's scratch area. Everything that belongs to it, its own
 * bookkeeping included, lies in it, so that a fresh instance of the same image takes it over as bytes. It is cut
 * into pages of one size; blocks up to half a page are cut from pages by multiples of 4 bytes, larger ones are powers of two.
 * What is freed is kept in a list per size and used again; nothing moves.
 */
import { TupleArea } from '../abi/tuples'

/** Address of the area; 0 when the policies have no relations. */
export let area: u32 = 0

const SMALL: u32 = 1024

export function placeArea(address: u32): void {
  area = address
}

// @ts-ignore: decorator
@inline
export function areaWord(field: u32): u32 {
  return load<u32>(area + (field << 2))
}

// @ts-ignore: decorator
@inline
export function setAreaWord(field: u32, value: u32): void {
  store<u32>(area + (field << 2), value)
}

/** Makes an empty area that ends at `limit`, which leaves room for one page at least. */
export function startArea(limit: u32): void {
  memory.fill(area, 0, TupleArea.PageSize)
  setAreaWord(TupleArea.Limit, limit)
  setAreaWord(TupleArea.Fresh, area + TupleArea.PageSize)
}

/** Bytes that have never been used. Whoever is going to allocate asks first: allocating does not fail. */
export function roomLeft(): u32 {
  return areaWord(TupleArea.Limit) - areaWord(TupleArea.Fresh)
}

// @ts-ignore: decorator
@inline
function largeClass(size: u32): u32 {
  return 32 - clz(size - 1)
}

// @ts-ignore: decorator
@inline
function headOf(size: u32): u32 {
  return area + ((size <= SMALL ? TupleArea.FreeSmall + (size >> 2) : TupleArea.FreeLarge + largeClass(size) - 11) << 2)
}

/** What a block of so many bytes takes. */
export function blockSize(size: u32): u32 {
  if (size <= SMALL) return (size + 3) & ~3
  return size <= <u32>TupleArea.PageSize ? TupleArea.PageSize : (<u32>1) << largeClass(size)
}

export function allocate(bytes: u32): u32 {
  const size = blockSize(bytes)
  const head = headOf(size)
  const free = load<u32>(head)
  if (free != 0) {
    store<u32>(head, load<u32>(free))
    return free
  }
  return size <= SMALL ? cut(size) : takeFresh(size)
}

export function release(block: u32, bytes: u32): void {
  const head = headOf(blockSize(bytes))
  store<u32>(block, load<u32>(head))
  store<u32>(head, block)
}

export function allocatePage(): u32 {
  return allocate(TupleArea.PageSize)
}

export function releasePage(page: u32): void {
  release(page, TupleArea.PageSize)
}

/** For a large block that will not be wanted in its size again. */
export function releaseAsPages(block: u32, bytes: u32): void {
  for (let at = block; at < block + blockSize(bytes); at += TupleArea.PageSize) releasePage(at)
}

function takeFresh(size: u32): u32 {
  const at = areaWord(TupleArea.Fresh)
  setAreaWord(TupleArea.Fresh, at + size)
  return at
}

function cut(size: u32): u32 {
  let at = areaWord(TupleArea.CutStart)
  const left = areaWord(TupleArea.CutEnd) - at
  if (left < size) {
    if (left != 0) release(at, left)
    at = allocatePage()
    setAreaWord(TupleArea.CutEnd, at + TupleArea.PageSize)
  }
  setAreaWord(TupleArea.CutStart, at + size)
  return at
}
