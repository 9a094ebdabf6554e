/** The sources, as the runners of vectors take them. */
import type { Api } from '../../../scripts/vectors/runner.ts'
import { createEngine } from '../../../src/index.ts'
import { runStore } from '../../../src/openfga/run-store.ts'
import { loadStore } from '../../../src/openfga/store-file.ts'
import * as pep from '../../../src/pep/index.ts'
import * as openGuard from '../../../src/policy/dialects/open-guard/index.ts'
import { createApp } from '../../../src/service/app.ts'

export const api: Api = { createEngine, createApp, openGuard, pep, openFga: { loadStore, runStore } }
