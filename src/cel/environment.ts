/** What an expression can refer to: given by whoever checks it. */
import type { PathRef } from './tree.ts'
import type { Type } from './types.ts'

/** A name with the type of what it stands for. */
export interface Variable {
  readonly name: string
  readonly type: Type
}

export interface Environment {
  /** Names that stand for values from the start: the parameters of a named condition. They come before attributes of their name. */
  readonly variables?: readonly Variable[]
  /** First names of attribute paths: subject, resource, … */
  readonly roots: readonly string[]
  /** What to write for a name by itself that is none: what it could be a part of. Left out where attributes cannot be meant. */
  readonly meant?: ((name: string) => string) | undefined
  /**
   * Resolves an attribute path.
   *
   * @throws Error with `message`, and `advice` where there is one, when there is no such path.
   */
  path(root: string, keys: readonly (string | number)[], text: string): PathRef
  /** What every request has at a path, where that is known. */
  typeOf?(path: PathRef): Type | undefined
  /**
   * Parses a regular expression in RE2's notation; what it returns goes into the tree as it is.
   *
   * @throws Error as above.
   */
  regex(source: string): unknown
  /**
   * Checks the name of a time zone.
   *
   * @throws Error as above.
   */
  zone(name: string): string
  /** Refuses constants for which a function fails always; left out where expressions of others are to mean what they mean there. */
  readonly constants?: Constants | undefined
}

/** Checks of constants that only the environment can make; each throws an Error as above. */
export interface Constants {
  /** An IP address. */
  address(text: string): void
  /** A range of such. */
  range(text: string): void
}
