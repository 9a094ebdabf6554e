/** The relations workload as the programs read it. */
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { importBuilt } from '../peers/built.ts'
import { relations } from '../workloads/relations.ts'
import type { Case } from '../workloads/workload.ts'

export interface ZanzibarFiles {
  /** A tuple a line. */
  readonly tuples: string
  /** A check a line, with our decision in front. */
  readonly checks: string
}

export async function writeFiles(one: Case, seed: number, folder: string): Promise<ZanzibarFiles> {
  const { document, tuples = [], requests } = relations.build({ case: one, seed })
  const { createEngine } = await importBuilt()
  const engine = await createEngine({ policies: document, tuples })
  const decided = requests.map((request) => {
    const { subject, resource } = request
    const allowed = engine.evaluate(request).decision ? 1 : 0
    return `${allowed} ${resource.type}:${resource.id}#viewer@${subject.type}:${subject.id}`
  })
  const files = { tuples: join(folder, `tuples-${one.rules}.txt`), checks: join(folder, `checks-${one.rules}.txt`) }
  await writeFile(files.checks, `${decided.join('\n')}\n`)
  await pipeline(lines(tuples), createWriteStream(files.tuples))
  return files
}

/** In pieces, so that neither a string of all tuples is made, nor a write for each of them. */
function* lines(tuples: readonly string[]): Generator<string> {
  const piece = 10_000
  for (let from = 0; from < tuples.length; from += piece) yield `${tuples.slice(from, from + piece).join('\n')}\n`
}
