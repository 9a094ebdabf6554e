/** Which runner replays which file. */
import { authZenPepRunner } from './authzen-pep.ts'
import { openGuardRunner } from './open-guard.ts'
import { openFgaRunner } from './openfga.ts'
import type { ChooseRunner } from './runner.ts'

export const chooseRunner: ChooseRunner = ({ name, source }) =>
  source.startsWith('open-guard-python ')
    ? openGuardRunner(name)
    : source.startsWith('authzen-policy-backend ')
      ? authZenPepRunner(name)
      : openFgaRunner(source)
