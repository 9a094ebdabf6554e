/** Types, relations and tuples of rebac policies. */
import type { Report } from '../../report.ts'
import type { Logic } from './logic.ts'
import type { Source, SourcePolicy } from './source.ts'

export class Relations {
  readonly #source: Source

  constructor(source: Source, _report: Report) {
    this.#source = source
  }

  conditions(policy: SourcePolicy): Logic {
    policy.report.error('E_IMPORT', policy.at, 'rebac policies cannot be imported yet')
    return this.#source.tuples === undefined
  }
}
