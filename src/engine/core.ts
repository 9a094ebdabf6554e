/** One instance of the core with one image in its memory. assembly/index.ts is the other side. */
import { Info, Layout, LoadFault } from '../../assembly/abi.ts'
import { SallyportError } from '../errors.ts'

interface CoreExports {
  readonly memory: WebAssembly.Memory
  readonly loadImage: (length: number) => number
  readonly match: () => number
  readonly decide: () => number
  readonly decideTraced: (start: number, end: number) => number
  readonly probe: (node: number, start: number, end: number) => number
  readonly explainExpression: (program: number) => number
}

const PAGE = 65536

export class Core {
  readonly match: () => number
  readonly decide: () => number
  readonly decideTraced: (start: number, end: number) => number
  readonly probe: (node: number, start: number, end: number) => number
  /** Address of the cell with an expression's value. */
  readonly explainExpression: (program: number) => number
  /** Addresses of the core's areas, as i32 indexes (address / 4), but `scratch` in bytes. */
  readonly frame: number
  readonly deciding: number
  readonly votes: number
  readonly best: number
  readonly roles: number
  readonly session: number
  readonly scratch: number
  /** Views of the memory; replaced when it grows. */
  u8: Uint8Array
  i32: Int32Array
  f64: Float64Array
  readonly #memory: WebAssembly.Memory

  /**
   * Instantiates the module and loads the image.
   *
   * @throws SallyportError `E_IMAGE` when the image is truncated, damaged, foreign or of another version.
   */
  constructor(module: WebAssembly.Module, image: Uint8Array) {
    const exports = new WebAssembly.Instance(module).exports as unknown as CoreExports
    this.#memory = exports.memory
    this.match = exports.match
    this.decide = exports.decide
    this.decideTraced = exports.decideTraced
    this.probe = exports.probe
    this.explainExpression = exports.explainExpression
    this.u8 = new Uint8Array(0)
    this.i32 = new Int32Array(0)
    this.f64 = new Float64Array(0)
    this.#reach(Layout.ImageBase + image.length)
    this.u8.set(image, Layout.ImageBase)
    const fault = exports.loadImage(image.length)
    if (fault !== LoadFault.None) throw refusal(fault)
    this.#refresh()
    this.frame = this.info(Info.Frame) >>> 2
    this.deciding = this.info(Info.Deciding) >>> 2
    this.votes = this.info(Info.Votes) >>> 2
    this.best = this.info(Info.Best) >>> 2
    this.roles = this.info(Info.Roles) >>> 2
    this.session = this.info(Info.Session) >>> 2
    this.scratch = this.info(Info.Scratch)
    this.#reach(this.scratch + PAGE)
  }

  info(field: Info): number {
    return this.i32[(Layout.InfoBase >>> 2) + field] ?? 0
  }

  /** Makes memory reach `end` (bytes), with some to spare; the views may be new ones afterwards. */
  reserve(end: number): void {
    if (end > this.u8.length) this.#reach(end + (end >> 1))
  }

  #reach(end: number): void {
    const missing = end - this.#memory.buffer.byteLength
    if (missing > 0) {
      try {
        this.#memory.grow(Math.ceil(missing / PAGE))
      } catch (cause) {
        throw new SallyportError('E_PLATFORM', `no memory for ${end} bytes of policies and request`, { cause })
      }
    }
    this.#refresh()
  }

  #refresh(): void {
    if (this.u8.buffer === this.#memory.buffer) return
    this.u8 = new Uint8Array(this.#memory.buffer)
    this.i32 = new Int32Array(this.#memory.buffer)
    this.f64 = new Float64Array(this.#memory.buffer)
  }
}

const REFUSALS: Readonly<Record<number, string>> = {
  [LoadFault.Truncated]: 'it is truncated',
  [LoadFault.Magic]: 'it is not a sallyport image',
  [LoadFault.Version]: 'it is of another version of the format',
  [LoadFault.Checksum]: 'its checksum does not fit: it is damaged',
  [LoadFault.Sections]: 'its sections are out of order',
  [LoadFault.Strings]: 'its string table is invalid',
  [LoadFault.Cells]: 'its constants are invalid',
  [LoadFault.Programs]: 'one of its patterns is invalid',
  [LoadFault.Code]: 'one of its conditions is invalid',
  [LoadFault.Index]: 'its rule index is invalid',
  [LoadFault.Roles]: 'its roles are invalid',
  [LoadFault.Sets]: 'its policy sets are invalid',
  [LoadFault.Routes]: 'its routes are invalid',
  [LoadFault.Entities]: 'its entities are invalid',
  [LoadFault.Time]: 'its schedules or time zones are invalid',
  [LoadFault.Memory]: 'there is no memory for it',
}

function refusal(fault: number): SallyportError {
  const why = REFUSALS[fault] ?? `fault ${fault}`
  return new SallyportError('E_IMAGE', `the image is refused: ${why}; compile the policies again with this version`)
}
