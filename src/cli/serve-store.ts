/** Stores by URL, as `serve` is told them. */
import { openDatabase } from '../service/database.ts'
import { memoryStore } from '../store/memory/index.ts'
import type { Store } from '../store/port.ts'
import { usage } from './arguments.ts'
import { locate } from './files.ts'
import type { Io } from './io.ts'

export interface OpenStore {
  readonly store: Store
  readonly close: () => Promise<void>
}

/** @throws SallyportError `E_USAGE`, `E_FILE`, `E_PLATFORM`, `E_STORE…` */
export async function openStore(url: string, io: Io): Promise<OpenStore> {
  if (url === 'memory') return { store: memoryStore(), close: async () => {} }
  const sqlite = /^sqlite:(.*)$/s.exec(url)?.[1]
  if (sqlite === undefined && !/^postgres(?:ql)?:\/\//.test(url)) {
    throw usage('--store is memory, sqlite:FILE or postgres://…')
  }
  const database = await openDatabase(sqlite === undefined ? url : `sqlite:${locate(sqlite, io)}`, 'write')
  try {
    return { store: await database.store(), close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}
