/** `sallyport compile`: policies to an image. */
import { createEngine } from '../engine/index.ts'
import { ruleCount } from '../policy/summary.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { plural } from './diagnostics.ts'
import { exit } from './exit.ts'
import { writeBytes } from './files.ts'
import { print, printJson } from './io.ts'
import { readModels, readSources, tenantOption } from './policies.ts'

export const compile = defineCommand({
  name: 'compile',
  summary: 'Compile policies to an image, ready to load.',
  operands: '',
  maxOperands: 0,
  details: [
    'The same policies give the same bytes, and so the same id, on every machine.',
    'Exit code: 0 written, 1 mistakes in the policies, 2 wrong usage.',
  ],
  options: {
    policies: { type: 'string', short: 'p', multiple: true, hint: 'PATH', description: 'A policy file or folder.' },
    output: { type: 'string', short: 'o', hint: 'FILE', description: 'Where the image goes.' },
    tenant: tenantOption,
    json: { type: 'boolean', description: 'Print { file, bytes, id, tenant, rules } as JSON.' },
  },
  examples: [
    ['sallyport compile -p policies/ -o policy.image', 'writes policy.image and prints its size, id and rules'],
    ['sallyport compile -p policies/ --tenant acme -o acme.image', 'one tenant of several'],
  ],
  async run({ flags }, io) {
    const example = 'sallyport compile -p policies/ -o policy.image'
    if (flags.policies.length === 0) throw usage(`compile needs policies: ${example}`)
    if (flags.output === undefined) throw usage(`compile needs a file for the image: ${example}`)
    const sources = await readSources(flags.policies, io)
    const models = readModels(sources, io)
    const policies = sources.portable
    const engine = await createEngine({ policies, ...(flags.tenant === undefined ? {} : { tenant: flags.tenant }) })
    const { bytes, id } = engine.image
    await writeBytes(flags.output, bytes, io)
    const model = models.get(engine.tenant)
    const rules = model === undefined ? 0 : ruleCount(model)
    if (flags.json) {
      printJson(io.stdout, { file: flags.output, bytes: bytes.length, id, tenant: engine.tenant, rules })
    } else {
      print(io.stdout, `${flags.output}: ${plural(bytes.length, 'byte')}, ${plural(rules, 'rule')}, id ${id}`)
    }
    return exit.ok
  },
})
