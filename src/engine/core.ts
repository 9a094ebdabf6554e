/** One instance of the core with one image in its memory. assembly/index.ts is the other side. */
import { LoadFault } from '../../assembly/abi/image.ts'
import { Info, Layout } from '../../assembly/abi/memory.ts'
import { SallyportError } from '../errors.ts'

interface CoreExports {
  readonly memory: WebAssembly.Memory
  readonly loadImage: (length: number) => number
  readonly match: () => number
  readonly decide: () => number
  readonly furtherResources: () => number
  readonly matchNext: () => number
  readonly decideNext: () => number
  readonly decideTraced: (start: number, end: number) => number
  readonly probe: (node: number, start: number, end: number) => number
  readonly reserveTuples: (limit: number) => void
  readonly lackingFor: (objectLength: number, subjectLength: number, contextSize: number) => number
  readonly allocateContext: (size: number) => number
  readonly putTuple: TupleCall<[context: number]>
  readonly takeTuple: TupleCall
  readonly hasTuple: TupleCall
  readonly checkRelation: TupleCall
  readonly listTupleConditionSlots: () => number
  readonly placeRelations: (records: number, known: number) => void
  readonly countRelations: () => number
  readonly nodeOf: (type: number, id: number, length: number) => number
  /** Address of the cell with an expression's value. */
  readonly explainExpression: (program: number) => number
  /** Where the body of a request goes; 0 when it is too long. The views may be detached afterwards: see `renew`. */
  readonly bodyRoom: (length: number) => number
  /** Length of the answer, or a BodyFault as a negative number. Likewise. */
  readonly evaluateJson: (length: number, now: number) => number
}

/** A call about a tuple: numbers of types and relations (the object's in the upper half), and where the ids' bytes are. */
type TupleCall<More extends readonly number[] = []> = (
  types: number,
  relations: number,
  object: number,
  objectLength: number,
  subject: number,
  subjectLength: number,
  ...more: More
) => number

const PAGE = 65536
/** Of the tuple area. */
const FIRST_AREA = 32768

export class Core {
  readonly match: () => number
  readonly decide: () => number
  readonly furtherResources: () => number
  readonly matchNext: () => number
  readonly decideNext: () => number
  readonly evaluateJson: (length: number, now: number) => number
  /** Addresses of the core's areas, as i32 indexes (address / 4), but `scratch` in bytes. */
  readonly frame: number
  readonly deciding: number
  readonly roles: number
  readonly session: number
  scratch: number
  /** The address of the tuple area; 0 when the policies have no relations. */
  readonly tuples: number
  /** The core's calls that are not made for every request. */
  readonly calls: Omit<CoreExports, 'memory' | 'loadImage' | 'match' | 'decide' | 'evaluateJson'>
  /** Views of the memory; replaced when it grows. */
  u8!: Uint8Array<ArrayBuffer>
  i32!: Int32Array
  f64!: Float64Array
  readonly #memory: WebAssembly.Memory
  readonly #imageLength: number

  /**
   * Instantiates the module and loads a copy of the image.
   *
   * @throws SallyportError `E_IMAGE` when the image is truncated, damaged, foreign or of another version.
   */
  constructor(module: WebAssembly.Module, image: Uint8Array) {
    // What a module exports has no types; this one is built of assembly/index.ts and comes in the same package.
    const exports = new WebAssembly.Instance(module).exports as unknown as CoreExports
    this.#memory = exports.memory
    this.#imageLength = image.length
    this.match = exports.match
    this.decide = exports.decide
    this.furtherResources = exports.furtherResources
    this.matchNext = exports.matchNext
    this.decideNext = exports.decideNext
    this.calls = exports
    this.evaluateJson = exports.evaluateJson
    this.#grow(Layout.ImageBase + image.length)
    this.image.set(image)
    const fault = exports.loadImage(image.length)
    if (fault !== LoadFault.None) throw refusal(fault)
    this.#refresh()
    this.frame = this.info(Info.Frame) >>> 2
    this.deciding = this.info(Info.Deciding) >>> 2
    this.roles = this.info(Info.Roles) >>> 2
    this.session = this.info(Info.Session) >>> 2
    this.scratch = this.info(Info.Scratch)
    this.tuples = this.info(Info.Tuples)
    if (this.tuples !== 0) this.reserveTuples(FIRST_AREA)
    this.#reach(this.scratch + PAGE)
  }

  /** Makes the tuple area so many bytes larger, or a hundred-and-twenty-eighth of its size; the views may be new ones afterwards. */
  reserveTuples(bytes: number): void {
    const size = this.scratch - this.tuples
    // The scratch area follows: it is empty between decisions, and moves.
    const limit = (this.scratch + Math.max(bytes, size >>> 7) + 15) & ~15
    this.#reach((limit >>> 0) + PAGE)
    this.calls.reserveTuples(limit)
    this.scratch = limit >>> 0
  }

  /** Takes over the tuples of another core with the same image. */
  copyTuples(other: Core): void {
    if (this.tuples === 0) return
    this.reserveTuples(other.scratch - this.scratch)
    this.u8.set(other.u8.subarray(other.tuples, other.scratch), this.tuples)
    this.calls.reserveTuples(this.scratch)
  }

  /** The image: nothing ever writes there. A view that is good until memory grows. */
  get image(): Uint8Array<ArrayBuffer> {
    return new Uint8Array(this.#memory.buffer, Layout.ImageBase, this.#imageLength)
  }

  info(field: Info): number {
    return this.i32[(Layout.InfoBase >>> 2) + field] ?? 0
  }

  /** Makes memory reach `end` (bytes), with some to spare; the views may be new ones afterwards. */
  reserve(end: number): void {
    if (end > this.u8.length) this.#reach(end + (end >> 1))
  }

  /** Looks at the memory afresh when the core has made it grow; returns whether it had. */
  renew(): boolean {
    if (this.u8.length > 0) return false
    this.#refresh()
    return true
  }

  #reach(end: number): void {
    if (this.#grow(end)) this.#refresh()
  }

  /** Whether memory had to grow. */
  #grow(end: number): boolean {
    const missing = end - this.#memory.buffer.byteLength
    if (missing <= 0) return false
    try {
      this.#memory.grow(Math.ceil(missing / PAGE))
    } catch (cause) {
      throw new SallyportError('E_PLATFORM', `no memory for ${end} bytes of policies and request`, { cause })
    }
    return true
  }

  #refresh(): void {
    this.u8 = new Uint8Array(this.#memory.buffer)
    this.i32 = new Int32Array(this.#memory.buffer)
    this.f64 = new Float64Array(this.#memory.buffer)
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  [LoadFault.Truncated]: 'it is truncated',
  [LoadFault.Magic]: 'it is no image',
  [LoadFault.Version]: 'it is of another version',
  [LoadFault.Checksum]: 'it is damaged',
  [LoadFault.Memory]: 'no memory for it',
}

function refusal(fault: number): SallyportError {
  // Otherwise it was made on purpose, or by a compiler that is wrong: docs/image.md has the numbers.
  const why = REFUSALS[fault] ?? `fault ${fault}`
  return new SallyportError('E_IMAGE', `the image is refused: ${why}; compile the policies again with this version`)
}
