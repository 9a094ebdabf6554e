/** The little of `cloudflare:workers` that the example uses; a project of one's own has `wrangler types`. */
declare module 'cloudflare:workers' {
  export class DurableObject<Env> {
    readonly ctx: { readonly storage: import('sallyport/store/durable-object').ObjectStorage }
    readonly env: Env
  }
}
