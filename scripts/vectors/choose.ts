/** Which runner replays which file. */
import { interopRunner } from './authzen-interop.ts'
import { authZenPepRunner } from './authzen-pep.ts'
import { openGuardRunner } from './open-guard.ts'
import { openFgaRunner } from './openfga.ts'
import type { ChooseRunner } from './runner.ts'

export const chooseRunner: ChooseRunner = (file) => {
  if (file.source.startsWith('open-guard-python ')) return openGuardRunner(file.name)
  if (file.source.startsWith('authzen-policy-backend ')) return authZenPepRunner(file.name)
  return openFgaRunner(file.source) ?? interopRunner(file)
}
