/** Clients that misbehave, and operators who change things, all at random times, next to the load. */
import { readFile, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { Findings } from './findings.ts'
import { policiesOf, type UnderLoad } from './service.ts'

type Target = Pick<UnderLoad, 'url' | 'keys' | 'folder'>
type Fault = (target: Target, findings: Findings, stop: AbortSignal) => Promise<void>

const path = '/tenants/acme/access/v1/evaluation'
const good = '{"subject":{"type":"user","id":"ann"},"action":{"name":"read"},"resource":{"type":"page","id":"1"}}'

/** How often each happens, on average, in milliseconds. */
const faults: readonly (readonly [Fault, number])[] = [
  [badJson, 50],
  [wrongKey, 50],
  [othersTenant, 50],
  [tooLarge, 500],
  [abort, 50],
  [slowBody, 2000],
  [follower, 1000],
  [stalledFollower, 3000],
  [scrape, 1000],
  [newPolicies, 2000],
  [brokenPolicies, 7000],
  [newKeys, 5000],
]

/** Returns what ends them, when those that have begun are over. */
export function startFaults(target: Target, findings: Findings): () => Promise<void> {
  const stop = new AbortController()
  const loops = faults.map(async ([fault, mean]) => {
    while (!stop.signal.aborted) {
      // Exponential, as what happens independently is.
      await sleep(Math.min(10 * mean, -mean * Math.log(1 - Math.random())), stop.signal)
      if (stop.signal.aborted) return
      await fault(target, findings, stop.signal).catch((error) =>
        findings.status(fault.name, String(error), 'an answer'),
      )
    }
  })
  return async () => {
    stop.abort()
    await Promise.all(loops)
  }
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}

async function send({ url, keys }: Target, body: string, headers: Record<string, string> = {}, to = path) {
  const all = { 'Content-Type': 'application/json', Authorization: `Bearer ${keys[0]}`, ...headers }
  const response = await fetch(url + to, { method: 'POST', headers: all, body })
  await response.arrayBuffer()
  return response.status
}

async function badJson(target: Target, findings: Findings): Promise<void> {
  const cut = good.slice(0, Math.floor(Math.random() * good.length))
  findings.status('bad JSON', await send(target, cut), 400)
}

async function wrongKey(target: Target, findings: Findings): Promise<void> {
  const key = `${target.keys[0].slice(0, -1)}${target.keys[0].endsWith('A') ? 'B' : 'A'}`
  findings.status('wrong key', await send(target, good, { Authorization: `Bearer ${key}` }), 401)
}

async function othersTenant(target: Target, findings: Findings): Promise<void> {
  const tenant = `t${Math.floor(Math.random() * 1e6)}`
  findings.status("another's tenant", await send(target, good, {}, path.replace('acme', tenant)), 404)
}

/** Refused by its announced length: the answer comes before the body is read, and the connection ends. */
async function tooLarge({ url, keys }: Target, findings: Findings): Promise<void> {
  const answer = await raw(url, [head(keys[0], 1_100_000), 'x'.repeat(100_000)], 5000)
  findings.status('body too large', /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'no answer', '413')
}

/** Sends half of a request and hangs up. */
async function abort({ url, keys }: Target, findings: Findings): Promise<void> {
  await raw(url, [head(keys[0], good.length) + good.slice(0, 20)], 0)
  findings.expect('hung up', 1, 0)
}

/** Sends half of a body, and waits for the answer. */
async function slowBody({ url, keys }: Target, findings: Findings): Promise<void> {
  const answer = await raw(url, [head(keys[0], good.length) + good.slice(0, 20)], 15_000)
  findings.status('slow body', /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'no answer', '408')
}

async function follower({ url, keys }: Target, findings: Findings, stop: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(2000)])
  try {
    const response = await fetch(`${url}/v1/events`, { headers: { Authorization: `Bearer ${keys[1]}` }, signal })
    findings.status('stream of events', response.status, 200)
    for await (const _ of response.body ?? []) if (signal.aborted) break
  } catch (error) {
    if (!signal.aborted) findings.status('stream of events', String(error), 'a stream')
  }
}

/** Asks for events, and never reads them. */
async function stalledFollower({ url, keys }: Target, findings: Findings): Promise<void> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  socket.pause()
  socket.write(`GET /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${keys[1]}\r\n\r\n`)
  await new Promise((resolve) => setTimeout(resolve, 3000))
  socket.destroy()
  findings.expect('stream not read', 1, 0)
}

/** Metrics are of all tenants, and the caller has one. */
async function scrape({ url, keys }: Target, findings: Findings): Promise<void> {
  const response = await fetch(`${url}/metrics`, { headers: { Authorization: `Bearer ${keys[0]}` } })
  await response.arrayBuffer()
  findings.status('metrics of others', response.status, 404)
}

let number = 1
async function newPolicies({ folder }: Target, findings: Findings): Promise<void> {
  await writeFile(join(folder, 'p.yaml'), policiesOf(number++))
  findings.expect('new policies', 1, 0)
}

/** The old ones stay in force; the load would tell. */
async function brokenPolicies({ folder }: Target, findings: Findings): Promise<void> {
  await writeFile(join(folder, 'p.yaml'), 'version: 1\nrulez: [')
  findings.expect('broken policies', 1, 0)
}

/** The same keys, written anew. */
async function newKeys({ folder }: Target, findings: Findings): Promise<void> {
  const file = join(folder, 'keys.jsonl')
  await writeFile(file, `${(await readFile(file, 'utf8')).trimEnd()}\n`)
  findings.expect('keys written again', 1, 0)
}

function head(key: string, length: number): string {
  const lines = [`POST ${path} HTTP/1.1`, 'Host: x', 'Content-Type: application/json', `Authorization: Bearer ${key}`]
  return [...lines, `Content-Length: ${length}`, '', ''].join('\r\n')
}

/** Sends parts, waits so long for the end of the connection, and gives what came back. */
function raw(url: string, parts: readonly string[], wait: number): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve) => {
    let text = ''
    const socket = connect(Number(port), hostname)
    const timer = setTimeout(() => socket.destroy(), Math.max(20, wait))
    socket
      .setEncoding('latin1')
      .on('data', (chunk) => {
        text += chunk
      })
      .on('error', () => {})
      .once('close', () => {
        clearTimeout(timer)
        resolve(text)
      })
    socket.once('connect', () => {
      for (const part of parts) socket.write(part)
    })
  })
}
