/** The memory of a process, as the system sees it. */
import { execFileSync } from 'node:child_process'

export interface Sample {
  /** Since the first. */
  readonly seconds: number
  /** Resident. */
  readonly megabytes: number
}

export function memorySamples(pid: number, take: (sample: Sample) => void): () => void {
  const start = performance.now()
  const sample = (): void => {
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
    take({ seconds: (performance.now() - start) / 1000, megabytes: kilobytes / 1024 })
  }
  sample()
  const timer = setInterval(sample, 5000)
  return () => clearInterval(timer)
}
