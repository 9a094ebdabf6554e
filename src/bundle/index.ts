/** Bundles: policies as one signed, content-addressed file, and keeping up with where they come from. */
export type { ArchiveFile } from './archive.ts'
export { type BundleParts, buildBundle, signBundle } from './build.ts'
export type { BundleLoader, BundleLoaderOptions } from './loader.ts'
export type { BundledFile, BundledTenant, Manifest } from './manifest.ts'
export { type Bundle, openBundle, type Trust } from './open.ts'
export type { TrustedKeys } from './signature.ts'
export {
  type BundleSource,
  type Found,
  type HttpSourceOptions,
  httpSource,
  type KvLike,
  kvSource,
  type R2Like,
  r2Source,
} from './source.ts'
export { createBundleLoader } from './whole.ts'
