import { expect, it } from 'vitest'
import { serviceDocument } from '../../src/service/document.ts'
import { cli } from './support.ts'

it('sallyport openapi prints the document, for a server that may be named', async () => {
  const { code, stdout } = await cli(['openapi'])
  expect([code, JSON.parse(stdout)]).toEqual([0, serviceDocument()])
  const named = JSON.parse((await cli(['openapi', '--server', 'https://authz.example.com/'])).stdout)
  expect(named.servers[0].url).toBe('https://authz.example.com')
})
