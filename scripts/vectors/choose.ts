/** Which runner replays which file. */
import { openGuardRunner } from './open-guard.ts'
import { openFgaRunner } from './openfga.ts'
import type { ChooseRunner } from './runner.ts'

export const chooseRunner: ChooseRunner = ({ name, source }) =>
  source.startsWith('open-guard-python ') ? openGuardRunner(name) : openFgaRunner(source)
