import { expect, test } from 'vitest'
import { parseJson } from '@/lib/http/json'

test('twenty levels are read, twenty-one and ten thousand are refused', () => {
  expect(parseJson(`${'['.repeat(20)}${']'.repeat(20)}`)).toBeInstanceOf(Array)
  for (const depth of [21, 10_000]) {
    expect(() => parseJson('['.repeat(depth) + ']'.repeat(depth))).toThrow('deeper than 20')
    expect(() => parseJson('{"a":'.repeat(depth))).toThrow('deeper than 20')
  }
})

test('brackets within strings are no levels', () => {
  const text = `\\"${'[{'.repeat(30)}`
  expect(parseJson(JSON.stringify({ text }))).toEqual({ text })
})

test.each(['__proto__', 'constructor', 'prototype'])('the key %s is refused wherever it stands', (key) => {
  expect(() => parseJson(`{"${key}":{"isAdmin":true}}`)).toThrow(key)
  expect(() => parseJson(`[{"a":{"\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}":1}}]`)).toThrow(
    key,
  )
  expect(({} as Record<string, unknown>).isAdmin).toBeUndefined()
  expect(parseJson(`["${key}"]`)).toEqual([key])
})

test('what is not JSON is refused in words', () => {
  expect(() => parseJson('{"a":1} trailing')).toThrow('not JSON')
})
