import { expect, test } from 'vitest'
import { parseHostSpan, parseIncidentView, parseLine, parseRange, parseText, routes } from '@/lib/routes'

test('a host may have any name', () => {
  expect(routes.host('web/1?x')).toBe('/hosts/web%2F1%3Fx')
  expect(routes.uploadReceipt('abc', 29)).toBe('/uploads/abc?line=29#L29')
})

test('parameters that say nothing are left out of an address', () => {
  expect(routes.incident('i1', { kill: '2', tz: null })).toBe('/incidents/i1?kill=2')
})

test('a range is two numbers in order, or none', () => {
  expect(parseRange({ from: '1', to: '2' })).toEqual({ from: 1, to: 2 })
  expect(parseRange({ from: '2', to: '1' })).toBeNull()
  expect(parseRange({ from: 'x' })).toBeNull()
})

test('a view falls back part by part', () => {
  expect(parseIncidentView({ tz: 'utc', kill: '-4', span: ['3h', '24h'] })).toEqual({
    tz: 'utc',
    span: null,
    kill: 0,
    show: 'key',
    view: 'chart',
  })
})

test('words and lines are taken only when given once', () => {
  expect(parseText({ q: ' mysqld ' }, 'q')).toBe('mysqld')
  expect(parseText({ q: ['a', 'b'] }, 'q')).toBeNull()
  expect(parseLine({ line: '29' })).toBe(29)
  expect(parseLine({ line: '0' })).toBeNull()
})

test('a span of a host is one of those that are offered, else a day', () => {
  expect(parseHostSpan({ last: '30d' })).toBe('30d')
  expect(parseHostSpan({ last: '5y' })).toBe('24h')
  expect(parseHostSpan({})).toBe('24h')
})
