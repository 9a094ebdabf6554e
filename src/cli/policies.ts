/** Policies named on the command line. */
import { basename, relative, resolve, sep } from 'node:path'
import { SallyportError } from '../errors.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import { parsePolicies, prepareReading } from '../policy/index.ts'
import type { PolicyModel } from '../policy/model.ts'
import { type PolicyFile, readPolicies } from '../service/load.ts'
import { countOf, printDiagnostics } from './diagnostics.ts'
import { locate, readStdin } from './files.ts'
import type { Io } from './io.ts'

export const tenantOption = {
  type: 'string',
  hint: 'NAME',
  description: 'The tenant, where the policies hold several.',
} as const

export interface Sources {
  /** Named as on the command line, for messages. */
  readonly files: readonly PolicyFile[]
  /**
   * The same, named from the folder that was given. Names go into the image, as the places of rules, and the image must
   * not depend on where on a machine the policies lie.
   */
  readonly portable: readonly PolicyFile[]
}

/**
 * The policy files at the paths; `-` is standard input. A file that several paths lead to is read once.
 *
 * @param onUnreadable What becomes of a path that cannot be read; it is left out then. Left out: its error is thrown.
 * @throws SallyportError `E_FILE`
 */
export async function readSources(
  paths: readonly string[],
  io: Io,
  onUnreadable: (error: SallyportError) => void = rethrow,
): Promise<Sources> {
  const files = new Map<string, PolicyFile>()
  const portable: PolicyFile[] = []
  const told = (error: unknown): readonly PolicyFile[] => {
    if (!(error instanceof SallyportError)) throw error
    onUnreadable(error)
    return []
  }
  for (const path of new Set(paths)) {
    const top = locate(path, io)
    for (const file of await readFrom(path, top, io).catch(told)) {
      const place = resolve(file.name)
      if (files.has(place)) continue
      files.set(place, file)
      const below = path === '-' ? file.name : relative(top, file.name).replaceAll(sep, '/')
      portable.push({ name: below || basename(file.name), text: file.text })
    }
  }
  await prepareReading(portable)
  return { files: [...files.values()], portable }
}

async function readFrom(path: string, top: string, io: Io): Promise<readonly PolicyFile[]> {
  return path === '-' ? [{ name: '<stdin>', text: await readStdin(io) }] : readPolicies(top)
}

function rethrow(error: SallyportError): never {
  throw error
}

/**
 * Tenant → policies, ready to compile. Warnings go to stderr.
 *
 * @throws PolicyError with every diagnostic when some are errors.
 */
export function readModels({ files, portable }: Sources, io: Io): ReadonlyMap<string, PolicyModel> {
  const { diagnostics } = parsePolicies(files)
  if (countOf(diagnostics, 'error') > 0) throw new PolicyError(diagnostics)
  printDiagnostics(diagnostics, io, io.stderr)
  return parsePolicies(portable, { analyse: false }).tenants
}
