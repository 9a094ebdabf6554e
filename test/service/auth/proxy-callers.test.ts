import { describe, expect, it } from 'vitest'
import { type ProxyCallerOptions, proxyCallers } from '../../../src/service/auth/index.ts'
import { who } from './support.ts'

const callers = new Map([
  ['spiffe://example/pep', { id: 'pep', tenants: ['acme'] }],
  ['CN=pep,O="Ex, Inc"', { id: 'by-subject', tenants: 'all' as const }],
])
const caller = { id: 'pep', tenants: ['acme'], proof: 'mtls' }
const xfcc = (value: string) => ({ 'X-Forwarded-Client-Cert': value })
const proxy = (options: Partial<ProxyCallerOptions> = {}) =>
  proxyCallers({ trust: { peers: ['10.0.0.0/8', '::1'] }, read: { forwardedCert: 'URI' }, callers, ...options })

describe('a certificate that a proxy has checked', () => {
  it('names the caller', async () => {
    for (const peer of ['10.1.2.3', '::1', '::ffff:10.1.2.3']) {
      expect(await who(proxy(), xfcc('By=spiffe://example/pdp;URI=spiffe://example/pep'), peer)).toEqual(caller)
    }
    expect(await who(proxy(), {}, '10.1.2.3')).toBeUndefined()
  })

  it('is read by its subject, with what is quoted in it', async () => {
    const identify = proxy({ read: { forwardedCert: 'Subject' } })
    const header = xfcc('Hash=00;Subject="CN=pep,O=\\"Ex, Inc\\"";URI=')
    expect(await who(identify, header, '10.0.0.1')).toMatchObject({ id: 'by-subject' })
  })

  it('is the last one, which the proxy before us has seen', async () => {
    const forged = 'URI=spiffe://example/pep,By=spiffe://example/pdp;URI=spiffe://example/stranger'
    expect(await who(proxy(), xfcc(forged), '10.0.0.1')).toBe('invalid')
    expect(await who(proxy(), xfcc('URI=spiffe://example/stranger,URI=spiffe://example/pep'), '10.0.0.1')).toEqual(
      caller,
    )
  })

  it.each([
    ['no part of it', 'By=spiffe://example/pdp'],
    ['two of it', 'URI=spiffe://example/pep;URI=spiffe://example/pep'],
    ['a quote that does not end', 'Subject="x;URI=spiffe://example/pep'],
    ['it in quotes only', 'Subject="x;URI=spiffe://example/pep"'],
    ['an empty one', 'URI='],
    ['nothing', ''],
    ['another name', 'URI=spiffe://example/PEP'],
  ])('with %s is nobody', async (_name, value) => {
    expect(await who(proxy(), xfcc(value), '10.0.0.1')).toBe('invalid')
  })

  it('is not believed from elsewhere', async () => {
    for (const peer of ['11.0.0.1', '127.0.0.1', '::2', 'localhost', '', '10.0.0.1%eth0', undefined]) {
      expect(await who(proxy(), xfcc('URI=spiffe://example/pep'), peer), peer).toBe('invalid')
    }
  })

  it('is believed with a secret of the proxy, and only with it', async () => {
    const value = 's'.repeat(32)
    const identify = proxy({ trust: { secret: { header: 'x-proxy-secret', value } } })
    const ask = (secret: object) => who(identify, { ...xfcc('URI=spiffe://example/pep'), ...secret })
    expect(await ask({ 'X-Proxy-Secret': value })).toEqual(caller)
    for (const secret of [
      {},
      { 'X-Proxy-Secret': '' },
      { 'X-Proxy-Secret': value.slice(1) },
      { 'X-Proxy-Secret': `${value}s` },
    ]) {
      expect(await ask(secret)).toBe('invalid')
    }
    const both = proxy({ trust: { peers: ['10.0.0.1'], secret: { header: 'x-proxy-secret', value } } })
    const headers = { ...xfcc('URI=spiffe://example/pep'), 'X-Proxy-Secret': value }
    expect(await who(both, headers, '10.0.0.1')).toEqual(caller)
    expect(await who(both, headers, '10.0.0.2')).toBe('invalid')
    expect(await who(both, xfcc('URI=spiffe://example/pep'), '10.0.0.1')).toBe('invalid')
  })

  it('counts when the proxy says that it has checked it', async () => {
    const identify = proxy({
      read: { header: 'x-ssl-subject' },
      verified: { header: 'x-ssl-verify', value: 'SUCCESS' },
      callers: (name) => (name === 'CN=pep' ? { id: name, tenants: 'all' } : undefined),
    })
    const ask = (headers: HeadersInit) => who(identify, headers, '10.0.0.1')
    expect(await ask({ 'X-SSL-Subject': 'CN=pep', 'X-SSL-Verify': 'SUCCESS' })).toMatchObject({ id: 'CN=pep' })
    expect(await ask({ 'X-SSL-Subject': 'CN=pep', 'X-SSL-Verify': 'FAILED:expired' })).toBe('invalid')
    expect(await ask({ 'X-SSL-Subject': 'CN=pep' })).toBe('invalid')
  })

  it.each([
    [{ trust: {} }, 'give peers or secret'],
    [{ trust: { peers: [] } }, 'give peers or secret'],
    [{ trust: { peers: ['10.0.0.1/8'] } }, 'is no range'],
    [{ trust: { peers: ['proxy.example'] } }, 'is no range'],
    [{ trust: { secret: { header: 'x', value: 'short' } } }, '32 characters'],
  ])('needs to be known: %j is refused', (options, message) => {
    expect(() => proxy(options)).toThrow(message)
  })
})
