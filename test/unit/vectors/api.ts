/** The sources, as the runners of vectors take them. */
import type { Api } from '../../../scripts/vectors/runner.ts'
import { createGuard, listedCandidates } from '../../../src/guard/index.ts'
import { createEngine } from '../../../src/index.ts'
import { runStore } from '../../../src/openfga/run-store.ts'
import { loadStore } from '../../../src/openfga/store-file.ts'
import * as pep from '../../../src/pep/index.ts'
import * as openGuard from '../../../src/policy/dialects/open-guard/index.ts'
import { createApp } from '../../../src/service/app.ts'
import { memoryStore } from '../../../src/store/memory/index.ts'

export const api: Api = {
  createEngine,
  createApp,
  openGuard,
  pep,
  openFga: { loadStore, runStore },
  guard: { createGuard, listedCandidates },
  memoryStore,
}
