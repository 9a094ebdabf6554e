/** Everything that is no latency of decisions. */
import type { Figure } from './figure.ts'
import { measureHttp } from './http.ts'
import { measureSizes } from './sizes.ts'
import { measureStartup } from './startup.ts'
import { measureWorkerd } from './workerd.ts'

export interface FigureOptions {
  /** Short, and without workerd. */
  readonly quick: boolean
  readonly progress: (message: string) => void
}

export async function measureFigures(options: FigureOptions): Promise<Figure[]> {
  return [
    ...(await measureSizes()),
    ...(await measureStartup(options)),
    ...(await measureHttp(options)),
    ...(options.quick ? [] : await measureWorkerd(options)),
  ]
}
