/** Which runner replays which file. */
import { interopRunner } from './authzen-interop.ts'
import { openGuardRunner } from './open-guard.ts'
import { openFgaRunner } from './openfga.ts'
import type { ChooseRunner } from './runner.ts'

export const chooseRunner: ChooseRunner = (file) =>
  file.source.startsWith('open-guard-python ')
    ? openGuardRunner(file.name)
    : (openFgaRunner(file.source) ?? interopRunner(file))
