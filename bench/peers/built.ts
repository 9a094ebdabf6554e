/** The built package, as a user gets it. Run `npm run build` first. */

/** The address is put together, so that types are checked from the sources, before the package is built. */
const built = new URL('../../dist/src/', import.meta.url)

export async function importBuilt() {
  const main: typeof import('../../src/index.ts') = await import(new URL('index.js', built).href)
  return main
}

/** The core as the engine has it: compiled once in a process. */
export async function importCore() {
  const core: typeof import('../../bindings/embedded.ts') = await import(new URL('../bindings/embedded.js', built).href)
  return core
}

/** The parts of `createEngine`, so that each can be timed by itself. */
export async function importStages() {
  const policy: typeof import('../../src/policy/index.ts') = await import(new URL('policy/index.js', built).href)
  const compiler: typeof import('../../src/compiler/index.ts') = await import(new URL('compiler/index.js', built).href)
  return { loadModel: policy.loadModel, compileModel: compiler.compileModel }
}

export async function importGuard() {
  const guard: typeof import('../../src/guard/index.ts') = await import(new URL('guard/index.js', built).href)
  return guard
}

export async function importMemoryStore() {
  const memory: typeof import('../../src/store/memory/index.ts') = await import(
    new URL('store/memory/index.js', built).href
  )
  return memory
}

export async function importAuthzen() {
  const authzen: typeof import('../../src/authzen/index.ts') = await import(new URL('authzen/index.js', built).href)
  return authzen
}
