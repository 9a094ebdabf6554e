/** The service under load, with faults: see --help. */
import { mkdtemp, rm } from 'node:fs/promises'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import autocannon from 'autocannon'
import { misused, readCommandLine, wholeNumber } from '../command-line.ts'
import { startFaults } from './faults.ts'
import { Findings } from './findings.ts'
import { memorySamples, type Sample } from './memory.ts'
import { startService, type UnderLoad } from './service.ts'

const HELP = `Puts the service under load, with faults: on this machine alone, and not in CI.

  npm run load -- [--minutes M] [--share S] [--connections N]

  --minutes M       how long; 10 when left out
  --share S         of the evaluations a second that the service can answer, which is measured first; 0.8 when left out
  --connections N   16 when left out
  --help            print this

Meanwhile clients misbehave, and policies and keys are replaced. Whatever is answered otherwise than it should be is an error; memory is
sampled. Example: npm run load -- --minutes 2 --share 0.5
Exit code: 0 when all was as it should be, 1 when not; 2 when the call is wrong.`

const { values } = readCommandLine(HELP, {
  minutes: { type: 'string', default: '10' },
  share: { type: 'string', default: '0.8' },
  connections: { type: 'string', default: '16' },
})
const [minutes, share] = [Number(values.minutes), Number(values.share)]
const connections = wholeNumber(HELP, '--connections', values.connections, 1)
if (!(minutes > 0)) misused(HELP, `--minutes must be a number above 0, not "${values.minutes}"`)
if (!(share > 0 && share <= 1)) misused(HELP, `--share must be a number above 0, up to 1, not "${values.share}"`)

const folder = await mkdtemp(join(tmpdir(), 'sallyport-load-'))
const service = await startService(folder)
try {
  await run(service)
} finally {
  await service.stop()
  await rm(folder, { recursive: true, force: true })
}

async function run({ url, keys, pid, folder }: UnderLoad): Promise<void> {
  const findings = new Findings()
  // Once to warm up.
  await ask(url, keys[0], findings, 3)
  const capacity = (await ask(url, keys[0], findings, 8)).requests.average
  const rate = Math.max(1, Math.round(capacity * share))
  console.log(
    `capacity ${Math.round(capacity)} requests/s with ${connections} connections; load ${rate}/s for ${minutes} min`,
  )
  const samples: Sample[] = []
  const stopSampling = memorySamples(pid, (sample) => {
    samples.push(sample)
    if (samples.length % 12 === 1) console.log(`${Math.round(sample.seconds)} s: ${sample.megabytes.toFixed(1)} MB`)
  })
  const stopFaults = startFaults({ url, keys, folder }, findings)
  const result = await ask(url, keys[0], findings, minutes * 60, rate)
  await stopFaults()
  stopSampling()
  report(result, samples, findings, rate)
}

function ask(url: string, key: string, findings: Findings, seconds: number, overallRate?: number) {
  const request = {
    subject: { type: 'user', id: 'ann' },
    action: { name: 'read' },
    resource: { type: 'page', id: '1' },
  }
  return autocannon({
    url: `${url}/tenants/acme/access/v1/evaluation`,
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify(request),
    connections,
    duration: seconds,
    timeout: 10,
    ...(overallRate === undefined ? {} : { overallRate }),
    verifyBody: (body) => body === '{"decision":true}',
  }).then((result) => {
    findings.expect('evaluation', result['2xx'], result.non2xx + result.errors + result.mismatches)
    return result
  })
}

function report(result: autocannon.Result, samples: readonly Sample[], findings: Findings, rate: number): void {
  const { latency, requests } = result
  const half = samples.filter(({ seconds }) => seconds >= (samples.at(-1)?.seconds ?? 0) / 2)
  const summary = {
    machine: `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
    minutes,
    rate,
    answered: requests.total,
    latency: { p50: latency.p50, p99: latency.p99, max: latency.max },
    memory: {
      first: samples[0]?.megabytes,
      middle: half[0]?.megabytes,
      last: samples.at(-1)?.megabytes,
      most: Math.max(...samples.map(({ megabytes }) => megabytes)),
      slopeOfSecondHalf: slope(half),
    },
    found: findings.table(),
    unexpected: findings.unexpected,
  }
  console.log(JSON.stringify(summary, undefined, 2))
  if (findings.unexpected.length > 0) process.exitCode = 1
}

/** Least squares, in MB a minute. */
function slope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [time, size] = [mean(samples.map((s) => s.seconds)), mean(samples.map((s) => s.megabytes))]
  const over = samples.reduce((sum, s) => sum + (s.seconds - time) * (s.megabytes - size), 0)
  const under = samples.reduce((sum, s) => sum + (s.seconds - time) ** 2, 0)
  return Math.round((over / under) * 60 * 100) / 100
}
