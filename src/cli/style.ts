/** Colour, only where a person looks: on a terminal, unless NO_COLOR is set (https://no-color.org). */
import type { Io, Output } from './io.ts'

/** SGR parameters (ECMA-48, 8.3.117): on, off. */
const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], green: [32, 39], yellow: [33, 39] } as const

export type Style = Readonly<Record<keyof typeof codes, (text: string) => string>>

/** @example style(io, io.stdout).bold('sallyport') */
export function style(io: Io, output: Output): Style {
  const colour = output.isTTY === true && !io.env.NO_COLOR && io.env.TERM !== 'dumb'
  const paint = (name: keyof typeof codes) => (text: string) =>
    colour ? `\u001b[${codes[name][0]}m${text}\u001b[${codes[name][1]}m` : text
  return { bold: paint('bold'), dim: paint('dim'), red: paint('red'), green: paint('green'), yellow: paint('yellow') }
}
