/** Reading the host's parts of an image that the core has accepted. */
import { Header, Section } from '../../assembly/abi/image.ts'
import { FoldRun, PathSlot, PathTable } from '../../assembly/abi/json.ts'
import { RelationTable } from '../../assembly/abi/relations.ts'
import { Separation } from '../../assembly/abi/rules.ts'
import type { Metadata, RuleText } from '../compiler/metadata.ts'
import type { ItemSpec, SlotSpec } from '../compiler/slots.ts'
import { SallyportError } from '../errors.ts'
import { createFold, type Fold, type Run } from '../text/fold-runs.ts'
import { RelationNames } from '../tuple/relation-model.ts'
import type { Tuple } from '../tuple/tuple.ts'
import type { Core } from './core.ts'

/** The SHA-256 of an image, in hex. */
export type ImageDigest = (image: Uint8Array) => string

export class ImageReader {
  readonly metadata: Metadata
  readonly ruleCount: number
  /** Undefined when the policies have no relations. */
  readonly relationNames: RelationNames | undefined
  /** Folds strings; only where a slot has folded ones is there anything to fold them by. */
  readonly fold: Fold = createFold(() => this.#foldRuns())
  /** What has the image. */
  #holder: Pick<Core, 'image'>
  readonly #digest: ImageDigest
  #id: string | undefined

  /** @throws SallyportError `E_IMAGE` when the metadata is no JSON; the core has checked the rest. */
  constructor(core: Core, digest: ImageDigest) {
    this.#holder = core
    this.#digest = digest
    this.ruleCount = this.#header(Header.RuleCount)
    this.metadata = parse<Metadata>(this.section(Section.Metadata))
    const { relations } = this.metadata
    this.relationNames = relations === undefined ? undefined : new RelationNames(relations)
    this.#checkMetadata()
  }

  /** The SHA-256 of the image, in hex. Computed when it is first asked for: most engines never are, and it takes longer than the rest. */
  get id(): string {
    this.#id ??= this.#digest(this.bytes)
    return this.#id
  }

  /** For reading now: the view is not good for long. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.#holder.image
  }

  /** Reads from another core with the same image from here on. */
  moveTo(core: Core): void {
    this.#holder = core
  }

  /** Keeps the image, for decisions that somebody still has, and lets go of the core. */
  leaveCore(): void {
    this.#holder = { image: this.bytes.slice() }
  }

  section(section: Section): Uint8Array<ArrayBuffer> {
    const { buffer, byteOffset } = this.bytes
    const place = new Uint32Array(buffer, byteOffset + (Header.Sections + section * 2) * 4, 2)
    return new Uint8Array(buffer, byteOffset + place[0]!, place[1])
  }

  /** String → id for the whole string table. */
  strings(): Map<string, number> {
    const offsets = this.words(Section.StringOffsets)
    const bytes = this.section(Section.StringBytes)
    const whole = DECODER.decode(bytes)
    // When all is ASCII, byte offsets are string offsets, and one decoding serves all.
    const ascii = whole.length === bytes.length
    const slices: string[] = []
    for (let id = 1; id < offsets.length; id++) {
      const start = offsets[id - 1]!
      const end = offsets[id]!
      slices.push(ascii ? whole.slice(start, end) : DECODER.decode(bytes.subarray(start, end)))
    }
    // Through JSON and back: engines make slices as references into the whole, which are slow to compare.
    const flat = JSON.parse(JSON.stringify(slices)) as string[]
    return roomyMap(flat)
  }

  /** How many strings there are. */
  get stringCount(): number {
    return this.section(Section.StringOffsets).length / 4 - 1
  }

  stringAt(id: number): string {
    return DECODER.decode(this.#item(Section.StringOffsets, id))
  }

  /** The roles that policies name: their ids are below this. */
  get roleCount(): number {
    return this.words(Section.Roles)[0]!
  }

  /** The separation of duty with this number. */
  separation(index: number): {
    readonly kind: 'static' | 'dynamic'
    readonly atMost: number
    readonly roles: string[]
  } {
    const words = this.words(Section.Separations)
    let at = 0
    for (let i = 0; i < index; i++) at += Separation.Roles + words[at + Separation.Count]!
    const first = at + Separation.Roles
    const roles = words.slice(first, first + words[at + Separation.Count]!)
    return {
      kind: words[at + Separation.Kind] === 0 ? 'static' : 'dynamic',
      atMost: words[at + Separation.AtMost]!,
      roles: Array.from(roles, (id) => this.stringAt(id)),
    }
  }

  ruleText(rule: number): RuleText {
    return parse<RuleText>(this.#item(Section.RuleTextOffsets, rule))
  }

  /** Of the section that follows the one with the offsets. */
  #item(offsets: Section, index: number): Uint8Array {
    const [start, end] = this.words(offsets).subarray(index)
    return this.section(offsets + 1).subarray(start, end)
  }

  #header(field: Header): number {
    const { buffer, byteOffset } = this.bytes
    return new Uint32Array(buffer, byteOffset)[field]!
  }

  /** A section of words; a view likewise. */
  words(section: Section): Uint32Array {
    const { buffer, byteOffset, length } = this.section(section)
    return new Uint32Array(buffer, byteOffset, length >> 2)
  }

  /** What later code relies on: a slot description per slot, an offset per rule. */
  #checkMetadata(): void {
    const slots = this.#header(Header.SlotCount)
    const { metadata: data } = this
    const { sets, slots: specs, entities, expressions, chain, secrets = [] } = data
    const lists = [sets, specs, data.actions, data.regexes, data.zones, data.schedules, secrets, expressions]
    const whole =
      typeof data.tenant === 'string' &&
      [...lists, entities?.subject, entities?.resource].every(Array.isArray) &&
      sets.length === this.section(Section.Sets).length / 4 &&
      specs.length === slots &&
      this.#slotsFit(specs) &&
      secrets.every((secret) => typeof secret?.root === 'string' && areKeys(secret.keys)) &&
      expressions.every(isExpression) &&
      (chain === undefined || (Number.isInteger(chain?.maxDepth) && typeof chain.repeats === 'boolean')) &&
      this.section(Section.RuleTextOffsets).length === (this.ruleCount + 1) * 4
    if (!whole || !this.#relationsFit()) throw metadataError()
  }

  /** The core trusts the host to write as many parts of a list's items as it writes itself; and those it has checked. */
  #slotsFit(specs: readonly SlotSpec[]): boolean {
    const paths = this.words(Section.Paths)
    const first = PathTable.HeaderWords + paths[PathTable.NodeCount]! * PathTable.NodeWords + PathSlot.PartCount
    for (let slot = 0; slot < specs.length; slot++) {
      const spec = specs[slot]!
      if (!isSlotSpec(spec)) return false
      if (paths[first + slot * PathSlot.Words] !== (spec.whole ? 0 : (spec.items?.length ?? 1))) return false
    }
    return true
  }

  /** The core trusts the host to number types, relations and conditions as the image does. */
  #relationsFit(): boolean {
    const names = this.relationNames
    const table = this.words(Section.Relations)
    if (names === undefined) return table.length === 0
    return (
      names.types.length === table[RelationTable.TypeCount] &&
      names.types.length === names.model.types.length &&
      names.relations.length - 1 === table[RelationTable.RelationCount] &&
      names.model.conditions.length === table[RelationTable.ConditionCount]
    )
  }

  /** They are the end of their section, and in form: the core has checked. */
  #foldRuns(): Run[] {
    const words = this.words(Section.Paths)
    const runs: Run[] = []
    let at = words.length - words[PathTable.FoldCount]! * FoldRun.Words
    for (; at < words.length; at += FoldRun.Words) {
      runs.push({
        first: words[at]!,
        last: words[at + FoldRun.Last]!,
        step: words[at + FoldRun.Step]!,
        delta: words[at + FoldRun.Delta]! | 0,
      })
    }
    return runs
  }

  /** The tuples of the document. */
  tuples(): readonly Tuple[] {
    const bytes = this.section(Section.Tuples)
    return bytes.length === 0 ? [] : parse<readonly Tuple[]>(bytes)
  }
}

const ROOTS: readonly unknown[] = ['subject', 'resource', 'action', 'context', 'chain', 'state', 'tuple', 'now']

function isSlotSpec(spec: Partial<SlotSpec> | null): boolean {
  if (spec === null || typeof spec !== 'object' || !ROOTS.includes(spec.root) || !isReading(spec)) return false
  const keys = spec.keys ?? []
  if (spec.part === true && !PART.test(`${spec.root}.${keys[0]}`)) return false
  if (spec.root === 'chain' && !isChainPath(keys)) return false
  return spec.items === undefined || (Array.isArray(spec.items) && spec.items.length > 0 && spec.items.every(isReading))
}

const PART = /^((subject|resource)\.(type|id)|action\.name)$/

/** Whether the keys lead somewhere in a chain; see resolveChain in src/policy/chain-path.ts. */
function isChainPath([part, ...keys]: SlotSpec['keys']): boolean {
  if (part === 'depth') return keys.length === 0
  if (part === 'ancestors') return keys.length === 0 || (typeof keys[0] === 'number' && isActorPath(keys.slice(1)))
  return part === 'root' && isActorPath(keys)
}

function isActorPath([first, ...rest]: SlotSpec['keys']): boolean {
  return first === 'properties' ? rest.length > 0 : (first === 'type' || first === 'id') && rest.length === 0
}

function isExpression(entry: unknown): boolean {
  return Array.isArray(entry) && typeof entry[0] === 'number' && typeof entry[1] === 'string' && Array.isArray(entry[2])
}

function isReading(spec: Partial<ItemSpec> | null): boolean {
  const keys = spec?.keys
  return areKeys(keys) && typeof spec?.text === 'boolean' && typeof spec.identity === 'boolean'
}

function areKeys(keys: unknown): boolean {
  if (!Array.isArray(keys)) return false
  for (let i = 0; i < keys.length; i++) if (typeof keys[i] !== 'string' && typeof keys[i] !== 'number') return false
  return true
}

/** Only an image made on purpose comes to this: its checksum is good and its metadata is not of the compiler's form. */
export function metadataError(cause?: unknown): SallyportError {
  return new SallyportError('E_IMAGE', 'the image is refused: its metadata is invalid', { cause })
}

const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function parse<T>(bytes: Uint8Array): T {
  try {
    return JSON.parse(DECODER.decode(bytes)) as T
  } catch (cause) {
    throw metadataError(cause)
  }
}

/**
 * Text → where it is in the list. V8's Maps have a bucket for every two entries of which there is room, and keep their room until three
 * quarters of it are deleted: what was added and deleted again halves what a lookup has to look at. Not worth the time to load where
 * there are so many that they are in no cache.
 */
function roomyMap(texts: readonly string[]): Map<string, number> {
  const map = new Map<string | number, number>()
  let room = 4
  while (room < 2 * texts.length && room < MOST_ROOM) room *= 2
  for (let i = 0; i < room || i < texts.length; i++) map.set(texts[i] ?? i, i)
  for (let i = texts.length; i < room; i++) map.delete(i)
  // Full of what was deleted, it is put in order, of the same size.
  map.set(0, 0).delete(0)
  return map as Map<string, number>
}

const MOST_ROOM = 16_384
