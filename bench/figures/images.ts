/** Images and a request for each, in files, for processes that shall load them and do nothing else. */
import { mkdir, writeFile } from 'node:fs/promises'
import { importStages } from '../peers/built.ts'
import { rbacAbac } from '../workloads/rbac-abac.ts'
import { sizeCase } from '../workloads/workload.ts'

const folder = 'build/bench'

export const imageFile = (rules: number) => `${folder}/${rules}-rules.image`
export const requestFile = (rules: number) => `${folder}/${rules}-rules.json`

/** Writes the image of so many rules of rbac-abac, and its first request. */
export async function writeImage(rules: number): Promise<void> {
  const { document, texts } = rbacAbac.build({ case: sizeCase(rules), seed: 1, requests: 1 })
  const { loadModel, compileModel } = await importStages()
  await mkdir(folder, { recursive: true })
  await writeFile(imageFile(rules), compileModel(loadModel(document)))
  await writeFile(requestFile(rules), texts[0]!)
}
