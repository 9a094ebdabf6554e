/** Everything a verb may touch of the world, so that tests can run verbs in process. */

export interface Output {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
}

export interface Io {
  /** Results. */
  readonly stdout: Output
  /** Errors and warnings. */
  readonly stderr: Output
  readonly stdin: AsyncIterable<Uint8Array | string>
  readonly env: Readonly<Record<string, string | undefined>>
  /** Relative paths start here. */
  readonly cwd: string
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Calls back when the user asks to stop (Ctrl-C, SIGTERM). Returns what ends the listening. */
  readonly onStop: (stop: () => void) => () => void
}

/** Writes one line. */
export function print(output: Output, line = ''): void {
  output.write(`${line}\n`)
}

/** On several lines for people, or on one (JSON Lines). */
export function printJson(output: Output, value: unknown, pretty = true): void {
  print(output, JSON.stringify(value, undefined, pretty ? 2 : undefined))
}
