/** Stricter than authzen-policy-backend, which looks at the text before the first colon or slash only. */
import { expect, test } from 'vitest'
import { checkAddress, checkEndpoint, isLoopback } from '../../../src/http/address.ts'

test.each([
  ['https://pdp.example.com/access/', 'https://pdp.example.com/access'],
  ['https://10.0.0.1:8443', 'https://10.0.0.1:8443'],
  ['http://localhost:8080/x', 'http://localhost:8080/x'],
  ['HTTP://LOCALHOST/x', 'HTTP://LOCALHOST/x'],
  ['http://127.0.0.1', 'http://127.0.0.1'],
  ['https://pdp.example.com/@desk', 'https://pdp.example.com/@desk'],
])('%s is taken', (address, expected) => {
  expect(checkAddress(address)).toBe(expected)
})

test.each([
  '',
  '/',
  '//x',
  'pdp.example.com',
  'ftp://pdp.example.com',
  'javascript:alert(1)',
  'http://pdp.example.com',
  'http://localhost.evil.com/x',
  'http://127.0.0.1.evil.com/x',
  'http://localhost@evil.com/x',
  'http://127.0.0.1:80@evil.com/x',
  'https://user:secret@pdp.example.com',
  'http://localhost./x',
  'https://pdp.example.com./x',
  'http://127.0.0.1./x',
  'http://127.1/x',
  'http://2130706433/x',
  'http://0x7f.0.0.1/x',
  'http://0177.0.0.1/x',
  'http://[::1]:80/x',
  'http://[::ffff:127.0.0.1]/x',
  'http://localhost\\@evil.com/x',
  'http://local\nhost/x',
  'https://pdp.example.com/?token=secret',
  'https://pdp.example.com/#x',
  'https://pdp.example.com?',
  'https://pdp.example.com#',
  'https://pdp.example.com/p?',
  'https://pdp.example.com/p?/',
  'https://pdp.example.com/p#',
  'https://@pdp.example.com',
  'https://:@pdp.example.com',
  'https:pdp.example.com',
  'https:/pdp.example.com',
  'https:///pdp.example.com',
  'http://10.0.0.1/x',
  'https://',
])('%s is refused, and not repeated', (address) => {
  let message = ''
  try {
    checkAddress(address)
  } catch (error) {
    message = `${(error as { code?: string }).code}: ${(error as Error).message}`
  }
  expect(message).toMatch(/^E_ADDRESS: the address of the PDP (?:is|has|holds|must)/)
  expect(message).not.toMatch(/secret|evil/)
})

test.each([
  'https://pdp.example.com/access/v1/evaluation/',
  'https://pdp.example.com/eval?v=1&next=/',
  'https://pdp.example.com?',
  'http://localhost?v=1',
  'http://127.0.0.1:8080?user=a@b',
])('the endpoint %s is taken as it is written', (address) => {
  expect(checkEndpoint(address, 'it')).toBe(address)
  expect(isLoopback(address)).toBe(address.startsWith('http:'))
})

test.each([
  '',
  '/',
  'https://pdp.example.com/eval#x',
  'https://pdp.example.com/eval?v=1#',
  'http://localhost.evil.com?x',
  'http://evil.com?http://localhost/',
  'http://localhost@evil.com?x',
  'https://user@pdp.example.com/?x',
  'https://pdp.example.com/?x= y',
])('the endpoint %s is refused', (address) => {
  expect(() => checkEndpoint(address, 'it')).toThrow(expect.objectContaining({ code: 'E_ADDRESS' }))
})
