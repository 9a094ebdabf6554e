/** `sallyport openapi`: the OpenAPI document of the service. */
import { serviceDocument } from '../service/document.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { exit } from './exit.ts'
import { print } from './io.ts'

export const openapi = defineCommand({
  name: 'openapi',
  summary: 'Print the OpenAPI 3.1 document of the HTTP APIs.',
  operands: '',
  maxOperands: 0,
  details: [
    'Of all that there is; a service answers at /openapi.json with what is turned on in it.',
    'Exit code: 0 printed, 2 wrong usage.',
  ],
  options: {
    server: { type: 'string', hint: 'URL', description: 'The URL of the service, for its `servers`. Default: /.' },
  },
  examples: [['sallyport openapi > openapi.json', 'for generators of clients']],
  async run({ flags }, io) {
    const base = (flags.server ?? '').replace(/\/+$/, '')
    if (base !== '' && !base.startsWith('/') && !/^https?:\/\/[^/]/.test(base))
      throw usage('--server is where the service answers: https://HOST, http://HOST or /PATH')
    print(io.stdout, JSON.stringify(serviceDocument(base), null, 2))
    return exit.ok
  },
})
