import { expect, test } from 'vitest'
import { Gate } from '@/lib/ingest/gate'

function held(): { work: () => Promise<string>; finish: () => void } {
  let finish = () => {}
  const done = new Promise<string>((resolve) => {
    finish = () => resolve('done')
  })
  return { work: () => done, finish }
}

const WIDE = { requests: 9, bytes: 1_000, requestsOfOne: 9 }

test('beyond what is admitted everybody is asked to come back, until there is room', async () => {
  const gate = new Gate({ ...WIDE, requests: 1 })
  const first = held()
  const one = gate.pass({ sender: 'a', bytes: 10 }, first.work)
  await expect(gate.pass({ sender: 'b', bytes: 10 }, first.work)).rejects.toMatchObject({
    code: 'unavailable',
    retryAfterSeconds: 2,
  })
  first.finish()
  expect(await one).toBe('done')
  expect(await gate.pass({ sender: 'b', bytes: 10 }, async () => 'now')).toBe('now')
})

test('bodies are counted by their size', async () => {
  const gate = new Gate(WIDE)
  const first = held()
  const one = gate.pass({ sender: 'a', bytes: 900 }, first.work)
  await expect(gate.pass({ sender: 'b', bytes: 101 }, first.work)).rejects.toMatchObject({ code: 'unavailable' })
  expect(await gate.pass({ sender: 'b', bytes: 100 }, async () => 'fits')).toBe('fits')
  first.finish()
  await one
})

test('a sender that has too much in flight is refused alone', async () => {
  const gate = new Gate({ ...WIDE, requestsOfOne: 1 })
  const first = held()
  const one = gate.pass({ sender: 'a', bytes: 1 }, first.work)
  await expect(gate.pass({ sender: 'a', bytes: 1 }, first.work)).rejects.toMatchObject({
    code: 'too-many-requests',
    retryAfterSeconds: 2,
  })
  expect(await gate.pass({ sender: 'b', bytes: 1 }, async () => 'other')).toBe('other')
  first.finish()
  await one
  expect(await gate.pass({ sender: 'a', bytes: 1 }, async () => 'again')).toBe('again')
})

test('work that fails gives its place back', async () => {
  const gate = new Gate({ requests: 1, bytes: 1, requestsOfOne: 1 })
  await expect(gate.pass({ sender: 'a', bytes: 1 }, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await gate.pass({ sender: 'a', bytes: 1 }, async () => 'after')).toBe('after')
})
