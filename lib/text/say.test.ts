import { describe, expect, test } from 'vitest'
import { ENGLISH, type MessageKey, message } from '@/lib/text/catalogue'
import { sayMessage, sayParts, sayTitle } from '@/lib/text/say'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

test('numbers are written in the format of their slot', () => {
  const said = sayMessage(message('swap-exhausted.of-total', { free: 0, total: 8252412 }))
  expect(plain(said)).toBe('0 kB was free of 8,252,412 kB.')
  expect(plain(sayMessage(message('rest.limit-size', { limit: 524288 })))).toBe('512 MiB limit reached')
})

test('an option without its value is left out, and so is one inside another', () => {
  const size = (swap: number | null) => plain(sayMessage(message('kills.one-size', { rss: 4, swap })))
  expect(size(8)).toBe('It had 4 kB resident and 8 kB in swap.')
  expect(size(null)).toBe('It had 4 kB resident.')
  const told = { name: null, part: null, namespace: null, comm: 'java', pid: null }
  expect(sayMessage(message('consequence-only.detail', told))).toMatch(/^The victim is java\. The kernel/)
})

test('one and many take their own words', () => {
  expect(sayMessage(message('later-kills', { count: 1 }))).toContain('1 more kill came')
  expect(sayMessage(message('later-kills', { count: 3 }))).toContain('3 more kills came')
})

test('what is not known is called unknown', () => {
  expect(sayMessage(message('swap-exhausted.of-total', { free: 0, total: null }))).toContain('free of unknown')
})

test('a key of another version gives itself and does not throw', () => {
  expect(sayMessage({ key: 'from-the-future', params: {} })).toBe('from-the-future')
  expect(sayMessage({ key: 'constructor', params: {} })).toBe('constructor')
})

describe('text from a log', () => {
  const hostile = '<b>\u202eevil {host} [x]\u0007'

  test('is set apart, and its own brackets and braces are no slots', () => {
    const parts = sayParts(message('title.killed', { victim: hostile, cgroup: null, host: 'db1' }))
    expect(parts).toEqual([
      { text: hostile, isQuoted: true },
      { text: ' killed on ', isQuoted: false },
      { text: 'db1', isQuoted: true },
    ])
  })

  test('has its hidden characters named in a plain string', () => {
    const said = sayMessage(message('title.killed', { victim: hostile, cgroup: null, host: null }))
    expect(said).toBe('<b>\\u202eevil {host} [x]\\x07 killed')
  })

  test('is cut when it is very long', () => {
    expect(sayMessage(message('timeline.quote', { text: 'a'.repeat(5000) }))).toHaveLength(301)
  })
})

test('a title is its lead and what follows the colon', () => {
  const lead = message('title.killed-more', { victim: 'mysqld', others: 3, cgroup: null, host: 'mail' })
  const rest = [message('rest.swap-used-up', {}), message('rest.hog-unknown', {})]
  expect(sayTitle({ lead, rest })).toBe(
    'mysqld and 3 more killed on mail: swap used up, largest process not in this log',
  )
  expect(sayTitle({ lead, rest: [] })).toBe('mysqld and 3 more killed on mail')
})

test('every sentence of the catalogue is well formed', () => {
  for (const key of Object.keys(ENGLISH) as MessageKey[]) {
    const text: string = ENGLISH[key]
    const slots = [...text.matchAll(/\{(\w+)(?::(count|kib|size|share|duration|plain|time)|\|[^|{}]+\|[^|{}]+)?\}/g)]
    expect.soft(text.replaceAll(/\{[^{}]*\}/g, ''), key).not.toMatch(/[{}]/)
    expect.soft([...text.matchAll(/\{/g)].length, key).toBe(slots.length)
    expect.soft([...text.matchAll(/\[/g)].length, key).toBe([...text.matchAll(/\]/g)].length)
  }
})
