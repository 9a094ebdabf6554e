/** Before any test: builds the core if assembly/ has changed, so that `npx vitest` never tests an old one. */
import { spawnSync } from 'node:child_process'

export default function buildCore(): void {
  const { status } = spawnSync(process.execPath, ['scripts/build.mjs', 'core'], { stdio: 'inherit' })
  if (status !== 0) console.error('the tests run with the core as it was before')
}
