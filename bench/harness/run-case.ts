/** Starts the process that measures one case, and waits for its result. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Job, Message } from './case.ts'
import type { CaseResult } from './measure.ts'

/** @throws Error with what the process said when it failed */
export function runCase(job: Job, progress: (message: string) => void): Promise<CaseResult> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(new URL('case.ts', import.meta.url)), [], { execArgv: ['--expose-gc'] })
    child.on('message', (message: Message) => {
      if ('progress' in message) progress(message.progress)
      else if ('result' in message) resolve(message.result)
      else reject(new Error(message.error))
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => reject(new Error(`the measuring process ended early (${signal ?? code})`)))
    child.send(job)
  })
}
