import { PGlite } from '@electric-sql/pglite'
import { pgliteStore } from '../../src/store/pglite/index.ts'
import { checkContract } from './check.ts'

checkContract('PGlite', async () => pgliteStore(await PGlite.create()))
