/** The service in workerd, and its first decision. The clock of a Worker stands still while it computes, so the client's is read. */
import { mkdir, writeFile } from 'node:fs/promises'
import { median } from '../harness/statistics.ts'
import { withWorkerd } from '../harness/workerd.ts'
import { importStages } from '../peers/built.ts'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'
import type { Figure } from './figure.ts'
import { compareServers, type HttpOptions } from './http.ts'

const config = 'bench/figures/worker/wrangler.jsonc'

export async function measureWorkerd({ quick, progress }: HttpOptions): Promise<Figure[]> {
  const { document, texts } = rbacAbac.build({ case: sizeCase(1000), seed: 1, requests: 1 })
  const { loadModel, compileModel } = await importStages()
  await mkdir('build/bench', { recursive: true })
  await writeFile('build/bench/worker.image', compileModel(loadModel(document)))
  progress('workerd: starting')
  return withWorkerd(config, 'build/bench', async (url) => {
    const ask = (path: string) => timeOf(`${url}${path}/access/v1/evaluation`, texts[0]!)
    for (let i = 0; i < 50; i++) await ask('/constant')
    const alone: number[] = []
    for (let i = 0; i < 50; i++) alone.push(await ask('/constant'))
    const first = await ask('')
    const note = 'of an image of 1,000 rules: the first request that needs the engine, less a request for a constant'
    return [
      { name: 'first decision, workerd', value: first - median(alone), unit: 'ms', note },
      ...(await compareServers(
        { service: url, constant: `${url}/constant` },
        'service in workerd',
        'workerd',
        quick,
        progress,
      )),
    ]
  })
}

async function timeOf(url: string, body: string): Promise<number> {
  const start = performance.now()
  const response = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } })
  await response.text()
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  return performance.now() - start
}
