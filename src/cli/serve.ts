/** `sallyport serve`: the AuthZEN PDP. */
import { SallyportError } from '../errors.ts'
import { createApp } from '../service/app.ts'
import { serve as listen } from '../service/node.ts'
import { publicFetch } from '../service/public-fetch.ts'
import { usage } from './arguments.ts'
import { defineCommand } from './command.ts'
import { exit } from './exit.ts'
import { type Io, print } from './io.ts'
import { loggedIo } from './logged-io.ts'
import { openSupply } from './open-supply.ts'
import { tenantOption } from './policies.ts'
import { adminOptions, startAdmin } from './serve-admin.ts'
import { bundleOptions } from './serve-bundle.ts'
import { callerOptions, followCallers } from './serve-callers.ts'
import { eventOptions, startEvents } from './serve-events.ts'
import { guardOptions, startGuards } from './serve-guard.ts'
import { operationOptions, readLog, readOperation } from './serve-operation.ts'
import { readSigning, signingOptions } from './serve-signing.ts'

export const serve = defineCommand({
  name: 'serve',
  summary: 'Serve policies as an AuthZEN PDP over HTTP.',
  operands: 'PATH',
  maxOperands: 1,
  details: [
    'PATH is a policy file or folder. Several tenants answer below /tenants/NAME; the one named default, or the',
    'only one, answers at the root too. Ctrl-C finishes the requests in flight; a second Ctrl-C ends at once.',
    'Exit code: 0 stopped, 1 mistakes in the policies or a port that is taken, 2 wrong usage.',
  ],
  options: {
    port: {
      type: 'string',
      hint: 'PORT',
      description: 'Default: PORT in the environment, or else 8080; 0 takes a free one.',
    },
    host: { type: 'string', hint: 'ADDRESS', description: 'The address to listen on. Default: 127.0.0.1.' },
    tenant: { ...tenantOption, description: 'Serve only this tenant. Default: all.' },
    'public-url': { type: 'string', hint: 'URL', description: 'Where clients reach the service, if behind a proxy.' },
    ...signingOptions,
    ...bundleOptions,
    ...callerOptions,
    ...operationOptions,
    ...eventOptions,
    ...guardOptions,
    ...adminOptions,
    'allow-network': {
      type: 'string',
      hint: 'RANGE',
      multiple: true,
      description:
        'Send to these addresses, too, which are not public: for keys, bundles, webhooks. Such as 10.0.0.0/8.',
    },
    watch: { type: 'boolean', description: 'Load the policies again when they change; on mistakes keep the old ones.' },
  },
  examples: [
    ['sallyport serve policies/', 'serves http://127.0.0.1:8080 and prints a request to try'],
    ['sallyport serve policies/ --port 0 --watch', 'takes a free port and follows changes of the policies'],
    [
      'sallyport serve --bundle https://store.example/prod.bundle --bundle-key bundle-keys.json --bundle-max-age PT1H',
      'follows a signed bundle',
    ],
  ],
  async run({ flags, operands }, terminal) {
    const log = readLog(flags.log, terminal)
    const io = log === undefined ? terminal : loggedIo(terminal, log)
    const port = readPort(flags.port, io)
    const publicUrl = flags['public-url']
    const { signer, proofs } = await readSigning(flags, io)
    const send = publicFetch({ allow: flags['allow-network'] })
    const admin = await startAdmin(operands[0], flags, io)
    const supply = admin?.supply ?? (await openSupply(operands[0], flags, send, io))
    const { engines } = supply
    const operation = readOperation(flags, engines, log, io)
    const callers = await followCallers(flags, send, io)
    const events = await startEvents(flags, engines, send, io)
    const logger = { error: (message: string, cause: unknown) => reportFault(message, cause, io) }
    const pageSecret = io.env.SALLYPORT_PAGE_SECRET || undefined
    const authenticated = callers.options.identify !== undefined
    const { metrics } = operation.options
    const observers = metrics === undefined ? [] : [metrics]
    const around = { authenticated, engines, hub: events.hub, observers, pageSecret, proofs, store: admin?.store }
    const guards = await startGuards(flags, around, io)
    const app = createApp({
      engines,
      now: io.now,
      logger,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      ...(pageSecret === undefined ? {} : { pageSecret }),
      ...(signer === undefined ? {} : { signer }),
      ...callers.options,
      ...operation.options,
      ...events.options,
      apis: [...(guards.options.apis ?? []), ...(admin?.apis ?? [])],
    })
    const { draining } = operation.options
    const service = await listen({ app, port, draining, ...(flags.host === undefined ? {} : { host: flags.host }) })
    print(io.stdout, `AuthZEN PDP at ${service.url}`)
    supply.report(service.url, authenticated)
    if (guards.notice !== undefined) print(io.stdout, guards.notice)
    const unfollow = supply.follow(events.reloaded)
    const end = async () => {
      await operation.drain()
      unfollow()
      callers.end()
      await events.end()
      await service.close()
      await guards.end()
      await admin?.end()
    }
    // Before it is announced: a signal may follow at once.
    const stopped = untilStopped(end, io)
    const { followed } = supply
    print(io.stdout, `Ctrl-C stops it${followed === undefined ? '' : `; changes of ${followed} are followed`}.`)
    await stopped
    return exit.ok
  },
})

function readPort(flag: string | undefined, io: Io): number {
  const [text, source] = flag === undefined ? [io.env.PORT || '8080', 'PORT'] : [flag, '--port']
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN
  if (!(port <= 65535)) throw usage(`${source} is "${text}"; give a number from 0 to 65535`)
  return port
}

function untilStopped(end: () => Promise<void>, io: Io): Promise<void> {
  return new Promise((resolve, reject) => {
    const ignore = io.onStop(() => {
      print(io.stdout, 'stopping: requests in flight are finished first')
      end()
        .finally(ignore)
        .then(() => resolve(), reject)
    })
  })
}

/** A fault of ours while answering: the client got a 500, the operator gets this line. */
function reportFault(message: string, cause: unknown, io: Io): void {
  const detail = cause instanceof Error ? (io.env.SALLYPORT_DEBUG ? cause.stack : cause.message) : String(cause)
  const code = cause instanceof SallyportError ? cause.code : 'E_INTERNAL'
  print(io.stderr, `error: ${message}: ${detail}  ${code}`)
}
