/** `sallyport import`: policies of other engines, as ours. */

import { PolicyError } from '../policy/diagnostic.ts'
import { importOpenGuard, type OpenGuardImport } from '../policy/dialects/open-guard/index.ts'
import type { PolicyDocument } from '../policy/document.ts'
import { parsePolicies } from '../policy/index.ts'
import { adviceText, didYouMean } from '../policy/suggest.ts'
import { ruleCount, setCount } from '../policy/summary.ts'
import { writeDocument } from '../policy/write.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { countOf, plural, printDiagnostics, tally } from './diagnostics.ts'
import { exit } from './exit.ts'
import { readStdin, readText, writeBytes } from './files.ts'
import { print } from './io.ts'
import { tenantOption } from './policies.ts'

/** What is read, and how. */
const dialects: Readonly<Record<string, (name: string, text: string, tenant: string | undefined) => OpenGuardImport>> =
  {
    'open-guard': (name, text, tenant) => importOpenGuard({ name, text }, { tenant }),
  }

const example = 'sallyport import open-guard policies.json -o policies.yaml'

export const importPolicies = defineCommand({
  name: 'import',
  summary: 'Turn policies of another engine into ours.',
  operands: 'DIALECT FILE',
  maxOperands: 2,
  details: [
    'DIALECT is open-guard. FILE is JSON or YAML; - reads standard input. The policies go to standard output as YAML,',
    'warnings about what the original means to standard error.',
    'Exit code: 0 imported, 1 something cannot be imported, 2 wrong usage.',
  ],
  options: {
    output: { type: 'string', short: 'o', hint: 'FILE', description: 'Where the policies go.' },
    json: { type: 'boolean', description: 'Write JSON in place of YAML.' },
    tenant: tenantOption,
  },
  examples: [
    [example, 'writes policies.yaml and says how many rules there are in it'],
    ['sallyport import open-guard - < policies.json | sallyport check -', 'imports and checks'],
  ],
  async run({ flags, operands: [dialect, file] }, io) {
    if (dialect === undefined || file === undefined) throw usage(`import needs a dialect and a file: ${example}`)
    const read = Object.hasOwn(dialects, dialect) ? dialects[dialect] : undefined
    if (read === undefined) {
      throw usage(
        `unknown dialect ${JSON.stringify(dialect)}; ${adviceText(didYouMean(dialect, Object.keys(dialects)))}`,
      )
    }
    const text = file === '-' ? await readStdin(io) : await readText(file, io)
    const { document, diagnostics } = read(file === '-' ? '<stdin>' : file, text, flags.tenant)
    if (document === undefined) throw new PolicyError(diagnostics)
    printDiagnostics(diagnostics, io, io.stderr)
    const written = flags.json
      ? `${JSON.stringify(document, undefined, 2)}\n`
      : writeDocument(document, `Imported from ${dialect}.`)
    if (flags.output === undefined) io.stdout.write(written)
    else {
      await writeBytes(flags.output, new TextEncoder().encode(written), io)
      const found = countOf(diagnostics, 'warning') > 0 ? ` (${tally(diagnostics)})` : ''
      print(io.stdout, `${flags.output}: ${counts(document)}${found}`)
    }
    return exit.ok
  },
})

function counts(document: PolicyDocument): string {
  const [model] = parsePolicies(document).tenants.values()
  return model === undefined ? 'no rules' : `${plural(ruleCount(model), 'rule')}, ${plural(setCount(model), 'set')}`
}
