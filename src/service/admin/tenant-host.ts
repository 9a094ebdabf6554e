/** What a host offers that lets administrators make and remove tenants. */
export interface TenantHost {
  /** The names of all tenants, in any order. */
  readonly names: () => readonly string[]
  /** Makes a tenant without policies; every request to it is denied until it has some. */
  readonly create: (name: string) => Promise<void>
  /** It answers no longer. What was kept for it stays in the store, and is there again when it is created again. */
  readonly remove: (name: string) => Promise<void>
}
