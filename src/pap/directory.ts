/** Which tenants a store keeps policies for: the store itself knows tenants only by name. */
import { subjectKey } from '../guard/subject-key.ts'
import type { Store, TenantStore } from '../store/port.ts'
import type { Author } from './environment.ts'

/** With a character that no name of a tenant here has. */
const DIRECTORY = ':tenants'

export class TenantDirectory {
  /** For following it: its changes are those of the list. */
  readonly store: TenantStore
  readonly #now: () => number

  constructor(store: Store, now: () => number) {
    this.store = store.tenant(DIRECTORY)
    this.#now = now
  }

  async names(): Promise<readonly string[]> {
    const names: string[] = []
    for (;;) {
      const after = names.at(-1)
      const page = await this.store.find('tenant_names', {
        limit: 1000,
        ...(after !== undefined && { after: { name: after } }),
      })
      names.push(...page.map(({ name }) => name))
      if (page.length < 1000) return names
    }
  }

  /** One that is there already stays as it is. */
  async add(name: string, by: Author): Promise<void> {
    const row = { name, by: subjectKey(by), at: this.#now() }
    await this.store.write([{ insert: 'tenant_names', row, ifAbsent: true }])
  }

  /** What is kept for the tenant stays. */
  async remove(name: string): Promise<void> {
    await this.store.write([{ delete: 'tenant_names', key: { name } }])
  }
}
