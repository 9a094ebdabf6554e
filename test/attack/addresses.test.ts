/** Names that lead inside: what the service sends to is looked at after the name was resolved. */
import { createServer, request as httpRequest, type RequestListener } from 'node:http'
import type { request as httpsRequest } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { reachable } from '../../src/http/public-address.ts'
import { publicFetch } from '../../src/service/public-fetch.ts'

describe('addresses', () => {
  it.each([
    ...['10.0.0.1', '100.64.0.1', '127.0.0.1', '127.9.9.9', '169.254.169.254', '172.31.0.1', '192.168.1.1', '0.0.0.0'],
    ...['198.19.0.1', '203.0.113.7', '224.0.0.1', '255.255.255.255'],
    ...['::', '::1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::7f00:1', '64:ff9b::a00:1', '2002:a00:1::1'],
    ...['fc00::1', 'fd12:3456::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', '2001:db8::1', 'localhost', ''],
  ])('%s is not public', (address) => {
    expect(reachable([])(address)).toBe(false)
  })

  it.each(['1.1.1.1', '93.184.215.14', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450:4001::1'])(
    '%s is',
    (address) => {
      expect(reachable([])(address)).toBe(true)
    },
  )

  it('may be allowed by range', () => {
    const permitted = reachable(['10.1.0.0/16', 'fd00::/8'])
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'].every(permitted)).toBe(true)
    expect(['10.2.0.1', 'fc00::1'].some(permitted)).toBe(false)
    expect(() => reachable(['10.1.0.0/99'])).toThrow(expect.objectContaining({ code: 'E_USAGE' }))
  })
})

/** A server here, and a way to it by names that stand for the addresses given. TLS is left out: no name has a certificate. */
async function world(addresses: readonly string[], answer: RequestListener, allow: readonly string[] = []) {
  let asked = 0
  const server = createServer((request, response) => {
    asked++
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const lookup = (_host: string, _options: object, done: (error: null, found: object[]) => void) =>
    done(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  const request = (to: URL, options: object, read: Parameters<typeof httpRequest>[2]) =>
    httpRequest(new URL(to.href.replace('https:', 'http:')), options, read)
  const send = publicFetch({ allow, lookup: lookup as never, request: request as typeof httpsRequest })
  return { send, url: `https://keys.example:${port}/jwks`, port, asked: () => asked }
}

const hello: RequestListener = (request, response) => {
  response.setHeader('ETag', '"1"')
  response.end(`${request.method} ${request.headers.host} ${request.headers['x-test']}`)
}

describe('sending', () => {
  it('reaches what is allowed, by its name', async () => {
    const { send, url, port } = await world(['127.0.0.1'], hello, ['127.0.0.0/8'])
    const response = await send(url, { method: 'POST', headers: { 'X-Test': 'yes' }, body: '{}' })
    expect([response.status, response.headers.get('etag')]).toEqual([200, '"1"'])
    expect(await response.text()).toBe(`POST keys.example:${port} yes`)
  })

  it.each([
    ['a private address', ['127.0.0.1']],
    ['one of several that is private', ['93.184.215.14', '127.0.0.1']],
    ['an IPv4 address inside IPv6', ['::ffff:127.0.0.1']],
    ['nothing', []],
  ])('does not connect to a name for %s', async (_what, addresses) => {
    const { send, url, asked } = await world(addresses, hello)
    await expect(send(url, {})).rejects.toMatchObject({ code: 'E_ADDRESS' })
    expect(asked()).toBe(0)
  })

  it.each(['10.0.0.1', '169.254.169.254', '[::1]', '[::ffff:a00:1]', '2130706433', '0x7f.1'])(
    'does not connect to %s',
    async (host) => {
      const { send, asked } = await world(['93.184.215.14'], hello)
      await expect(send(`https://${host}/`, {})).rejects.toMatchObject({ code: 'E_ADDRESS' })
      expect(asked()).toBe(0)
    },
  )

  it('follows nobody elsewhere', async () => {
    const away: RequestListener = (_request, response) => {
      response.writeHead(302, { Location: 'http://127.0.0.1/' }).end()
    }
    const { send, url } = await world(['127.0.0.1'], away, ['127.0.0.1'])
    await expect(send(url, { redirect: 'error' })).rejects.toThrow(TypeError)
    expect((await send(url, { redirect: 'manual' })).status).toBe(302)
  })

  it('gives up when it is told to', async () => {
    const { send, url } = await world(['127.0.0.1'], () => {}, ['127.0.0.1'])
    await expect(send(url, { signal: AbortSignal.timeout(50) })).rejects.toMatchObject({ name: /Abort|Timeout/ })
  })
})
