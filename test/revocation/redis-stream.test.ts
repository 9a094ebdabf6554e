/** What the log in Redis makes of answers that are none. */
import { expect, test } from 'vitest'
import { redisStreamLog } from '../../src/revocation/redis-stream.ts'

const answering = (answers: Readonly<Record<string, unknown>>) => ({
  sendCommand: async ([name = '']: string[]) => answers[name],
})

test('a number of replicas that is none acknowledges nothing', async () => {
  for (const [given, replicas] of [
    ['many', 1],
    [undefined, 1],
    [1, Number.NaN],
  ] as const) {
    const log = redisStreamLog(answering({ EVAL: '1', WAIT: given }), { replicas })
    await expect(log.append('x'), `${given}`).rejects.toMatchObject({ code: 'E_REVOCATION_LOG' })
  }
  expect(await redisStreamLog(answering({ EVAL: '1', WAIT: 1 }), { replicas: 1 }).append('x')).toBe(1)
})

test('a page whose ends are no numbers is none', async () => {
  for (const page of [undefined, [], ['1', 'nan', []], [undefined, '0', []], ['1', '0', 'none']]) {
    const log = redisStreamLog(answering({ EVAL: page }))
    await expect(log.read(1, 10), JSON.stringify(page)).rejects.toMatchObject({ code: 'E_REVOCATION_LOG' })
  }
  expect(await redisStreamLog(answering({ EVAL: ['1', '0', []] })).read(1, 10)).toEqual({
    first: 1,
    last: 0,
    entries: [],
  })
})
