import { expect, test } from 'vitest'
import { withoutSpareSlashes } from '@/server/addresses'

test.each([
  ['/api/ingest/loki/', '/api/ingest/loki'],
  ['/api/ingest/loki//loki/api/v1/push', '/api/ingest/loki/loki/api/v1/push'],
  ['//_bulk/?pretty=/a//b/', '/_bulk?pretty=/a//b/'],
  ['/api/v1/logs?host=a', '/api/v1/logs?host=a'],
])('a program that sends to %s means %s', (sent, meant) => {
  expect(withoutSpareSlashes(sent)).toBe(meant)
})

test('addresses of pages are left as they are', () => {
  for (const url of ['/', '/hosts/', '//evil.example/', '/apis/', '/hosts//a?x=/api/']) {
    expect(withoutSpareSlashes(url)).toBe(url)
  }
})
