import { expect, test } from 'vitest'
import { createAccount } from '@/lib/analysis/account'

test('lines that nobody marks are ignored', () => {
  const account = createAccount()
  account.mark(2, 3, 'recognised')
  account.mark(5, 5, 'context')
  expect(account.finish(10).account).toEqual({ lines: 10, recognised: 2, context: 1, suspicious: 0, ignored: 7 })
})

test('parts of one physical line count once, as the most telling of them', () => {
  const account = createAccount()
  account.mark(1, 1, 'context')
  account.mark(1, 1, 'kill')
  account.mark(1, 1, 'suspicious')
  account.mark(1, 2, 'recognised')
  expect(account.finish(2)).toMatchObject({
    account: { recognised: 2, context: 0, suspicious: 0, ignored: 0 },
    strip: ['kill', 'recognised'],
  })
})

test('the strip has a cell for each line up to 200, then one for equal stretches', () => {
  const account = createAccount()
  account.mark(500, 500, 'kill')
  const { strip } = account.finish(1000)
  expect(strip).toHaveLength(200)
  expect(strip.indexOf('kill')).toBe(99)
  expect(createAccount().finish(0).strip).toEqual([])
})

test('lines of one shape are listed together, with their count and first lines', () => {
  const account = createAccount()
  for (let line = 1; line <= 7; line += 1) account.suspect(line, `oom in slot ${line * 11}`)
  expect(account.finish(7).shapes).toEqual([{ shape: 'oom in slot N', count: 7, firstLines: [1, 2, 3, 4, 5] }])
})
