import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: {
    // package.json points at dist/; tests run the sources.
    alias: { '#core': fileURLToPath(new URL('bindings/embedded.ts', import.meta.url)) },
  },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/build-core.ts'],
    setupFiles: ['test/fast-check.ts'],
    // Random tests in bulk take their time on a busy machine, and none of them is there to be fast.
    testTimeout: 60_000,
    // Hooks start servers.
    hookTimeout: 60_000,
    // All cores: the default leaves one to vitest itself, which has little to do while tests run.
    maxWorkers: '100%',
    // For .ci/run, which counts.
    reporters: process.env.CI ? ['default', ['json', { outputFile: 'build/test/vitest.json' }]] : ['default'],
  },
})
