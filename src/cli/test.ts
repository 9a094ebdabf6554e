/** `sallyport test`: run the assertions of OpenFGA's store files and of SpiceDB's validation files. */
import { SallyportError } from '../errors.ts'
import { type AssertionResult, runStore, type StoreResult } from '../openfga/run-store.ts'
import { loadStore, StoreFormError } from '../openfga/store-file.ts'
import { YamlFormError } from '../openfga/yaml-file.ts'
import { PolicyError } from '../policy/diagnostic.ts'
import { runValidation } from '../spicedb/run-validation.ts'
import { isValidation, loadValidation, ValidationFormError } from '../spicedb/validation-file.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { exit } from './exit.ts'
import { readText } from './files.ts'
import { type Io, print, printJson } from './io.ts'
import { type Style, style } from './style.ts'

interface FileResult extends StoreResult {
  readonly file: string
}

export const test = defineCommand({
  name: 'test',
  summary: 'Run the assertions of OpenFGA store files and SpiceDB validation files.',
  operands: 'FILE...',
  maxOperands: Number.POSITIVE_INFINITY,
  details: [
    'FILE is a store as OpenFGA has it: a model, relation tuples, and what is asserted of them. Or a validation file as SpiceDB has it. Files that it names are read, too.',
    'A file whose schema needs what sallyport does not have is skipped, and says what that is; mistakes are errors.',
    'Exit code: 0 every assertion holds, 1 one does not, there is none, or a file cannot be read, 2 wrong usage.',
  ],
  options: { json: { type: 'boolean', description: 'Print { stores, passed, failed, skipped } as JSON.' } },
  examples: [
    ['sallyport test store.fga.yaml', 'prints each assertion that fails, with what was expected, and their number'],
  ],
  async run({ flags, operands }, io) {
    if (operands.length === 0) throw usage('test needs a file: sallyport test store.fga.yaml')
    const stores: FileResult[] = []
    for (const file of operands) stores.push({ file, ...(await runFile(file, io)) })
    const results = stores.flatMap((store) => store.results)
    const passed = results.filter((result) => result.passed).length
    const failed = results.length - passed
    const skipped = stores.filter((store) => store.uncovered !== undefined).length
    if (flags.json) printJson(io.stdout, { stores, passed, failed, skipped })
    else {
      const paint = style(io, io.stdout)
      for (const store of stores) printStore(store, io, paint)
      print(io.stdout, `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
    }
    // Files without any assertion would pass whatever their schema says.
    return failed > 0 || passed + skipped === 0 ? exit.failure : exit.ok
  },
})

async function runFile(file: string, io: Io): Promise<StoreResult> {
  const read = (path: string) => readText(path, io)
  try {
    if (isValidation(await read(file))) return await runValidation(file, await loadValidation(file, read))
    return await runStore(await loadStore(file, read))
  } catch (error) {
    if (error instanceof YamlFormError)
      throw new SallyportError('E_FILE', `${file} is not valid YAML: ${error.message}`)
    if (error instanceof PolicyError) throw inFile(file, error)
    if (error instanceof StoreFormError)
      throw new SallyportError('E_FILE', `${file} is no store file: ${error.message}`)
    if (error instanceof ValidationFormError)
      throw new SallyportError('E_FILE', `${file} is no validation file: ${error.message}`)
    throw error
  }
}

/** The mistakes of what was made of a file, with its name. */
function inFile(file: string, { diagnostics }: PolicyError): PolicyError {
  return new PolicyError(diagnostics.map((one) => ({ ...one, place: { ...one.place, file } })))
}

function printStore({ file, name, results, uncovered }: FileResult, io: Io, paint: Style): void {
  const title = name === file ? file : `${file} (${name})`
  if (uncovered !== undefined) {
    print(io.stdout, `${paint.yellow('skipped')} ${title}: not covered`)
    for (const one of uncovered) print(io.stdout, `  ${one}`)
    return
  }
  if (results.length === 0) {
    print(io.stdout, `${paint.yellow('empty  ')} ${title}: it asserts nothing, so nothing is tested`)
    return
  }
  const failures = results.filter((result) => !result.passed)
  const passed = results.length - failures.length
  const mark = failures.length === 0 ? paint.green('ok     ') : paint.red('failed ')
  print(io.stdout, `${mark} ${title}: ${passed} of ${results.length}`)
  for (const failure of failures) for (const line of describe(failure)) print(io.stdout, `  ${line}`)
}

function describe({ test, kind, asked, expected, got, error }: AssertionResult): string[] {
  const found = error === undefined ? JSON.stringify(got) : error
  return [`${test}: ${kind} ${asked}`, `  expected ${JSON.stringify(expected)}`, `  got      ${found}`]
}
