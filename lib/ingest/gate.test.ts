import { expect, test } from 'vitest'
import { Gate } from '@/lib/ingest/gate'

function held(): { work: () => Promise<string>; finish: () => void } {
  let finish = () => {}
  const done = new Promise<string>((resolve) => {
    finish = () => resolve('done')
  })
  return { work: () => done, finish }
}

test('work beyond the running limit waits its turn and then runs', async () => {
  const gate = new Gate({ running: 1, admitted: 2, admittedOfOne: 2 })
  const first = held()
  const order: string[] = []
  const one = gate.pass('a', async () => {
    await first.work()
    order.push('first')
  })
  const two = gate.pass('a', async () => order.push('second'))
  first.finish()
  await Promise.all([one, two])
  expect(order).toEqual(['first', 'second'])
})

test('beyond what is admitted everybody is asked to come back', async () => {
  const gate = new Gate({ running: 1, admitted: 1, admittedOfOne: 9 })
  const first = held()
  const one = gate.pass('a', first.work)
  await expect(gate.pass('b', first.work)).rejects.toMatchObject({ code: 'unavailable', retryAfterSeconds: 2 })
  first.finish()
  expect(await one).toBe('done')
})

test('a sender that has too much in flight is refused alone', async () => {
  const gate = new Gate({ running: 9, admitted: 9, admittedOfOne: 1 })
  const first = held()
  const one = gate.pass('a', first.work)
  await expect(gate.pass('a', first.work)).rejects.toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 2 })
  const other = gate.pass('b', async () => 'other')
  expect(await other).toBe('other')
  first.finish()
  await one
  expect(await gate.pass('a', async () => 'again')).toBe('again')
})

test('work that fails gives its place back', async () => {
  const gate = new Gate({ running: 1, admitted: 1, admittedOfOne: 1 })
  await expect(gate.pass('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await gate.pass('a', async () => 'after')).toBe('after')
})
