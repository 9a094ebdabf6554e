/** A PDP that nobody answers for. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createPdpClient } from '../../src/pep/index.ts'
import { at, failureOf, request } from './support.ts'

test('is told from one that answers, and allows nothing', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  await new Promise((resolve) => server.close(resolve))
  const pdp = createPdpClient({ ...at(url), retries: 0 })
  expect(await failureOf(pdp.evaluate(request))).toMatchObject({ code: 'E_PDP_CONNECTION', status: undefined })
  expect(await pdp.isAllowed(request)).toBe(false)
})
