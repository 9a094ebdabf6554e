/** The little of `cloudflare:workers` that the test uses. */
declare module 'cloudflare:workers' {
  export class DurableObject<Env> {
    readonly ctx: { readonly storage: import('../../../src/store/durable-object/index.ts').ObjectStorage }
    readonly env: Env
  }
}
