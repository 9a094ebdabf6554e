/** What a verb is: its flags, its help and what it does, in one definition. */
import { parseArguments } from './arguments.ts'
import type { Io } from './io.ts'

export interface Option {
  readonly type: 'boolean' | 'string'
  readonly short?: string
  /** May be given several times. */
  readonly multiple?: boolean
  /** What the value is, for help: `FILE`. */
  readonly hint?: string
  readonly description: string
}

export type Options = Readonly<Record<string, Option>>

type ValueOf<O extends Option> = O['type'] extends 'boolean'
  ? boolean
  : O['multiple'] extends true
    ? readonly string[]
    : string | undefined

/** Parsed flags by name, and the other arguments. */
export type Arguments<O extends Options> = {
  readonly flags: { readonly [K in keyof O]: ValueOf<O[K]> }
  readonly operands: readonly string[]
}

export interface Help {
  readonly name: string
  /** One line, for the list of verbs. */
  readonly summary: string
  /** The arguments that are not flags, such as `PATH...`; empty when there are none. */
  readonly operands: string
  /** Lines between the usage and the flags. */
  readonly details?: readonly string[]
  /** Command lines, with a few words on each. */
  readonly examples: readonly (readonly [command: string, meaning: string])[]
  readonly options: Options
}

export interface CommandSpec<O extends Options> extends Help {
  readonly options: O
  /** At most so many operands. */
  readonly maxOperands: number
  /** @returns the exit code */
  readonly run: (args: Arguments<O>, io: Io) => Promise<number>
}

export interface Command extends Help {
  readonly run: (argv: readonly string[], io: Io) => Promise<number>
}

/** Ties a verb's flags to the arguments that its `run` gets. */
export function defineCommand<const O extends Options>(spec: CommandSpec<O>): Command {
  return { ...spec, run: async (argv, io) => spec.run(parseArguments(spec, argv), io) }
}
