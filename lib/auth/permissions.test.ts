import { expect, test } from 'vitest'
import { permittedHost } from '@/lib/auth/agent'
import { scopesMay } from '@/lib/auth/permissions'
import { takeTurn } from '@/lib/auth/token-rate'
import { matchesHost } from '@/lib/db/tokens'

const agent = (host: string | null) => ({ kind: 'token' as const, id: 't', name: 'web agents', host })

test.each([
  ['web-*', 'web-1', true],
  ['web-*', 'WEB-1.example.org', true],
  ['web-*', 'web-', true],
  ['web-*', 'db-1', false],
  ['web-*', 'my-web-1', false],
  ['*.example.org', 'web-1.example.org', true],
  ['*.example.org', 'web-1.example.org.evil', false],
  ['web-*-*.lan', 'web-a-b.lan', true],
  ['web-*-*.lan', 'web-a.lan', false],
  ['ab*ba', 'aba', false],
  ['mail', 'mail', true],
  ['mail', 'mail2', false],
  // No regular expression is made of it: a dot is a dot.
  ['web.1*', 'webx1', false],
])('the pattern %s and the host %s: %s', (pattern, hostname, isMatch) => {
  expect(matchesHost(pattern, hostname)).toBe(isMatch)
})

test('a pattern lets through the hosts it names, and names none itself', () => {
  expect(permittedHost(agent('web-*'), 'web-7')).toBe('web-7')
  expect(() => permittedHost(agent('web-*'), 'db-7')).toThrow('for the host "web-*" only')
  expect(permittedHost(agent('web-*'), null)).toBe(null)
  expect(permittedHost(agent('mail'), null)).toBe('mail')
  expect(permittedHost(agent(null), null)).toBe(null)
})

test('a token that sends can neither read nor share, one that reads can write nothing', () => {
  expect((['read', 'ingest', 'write', 'admin'] as const).map((each) => scopesMay(['ingest'], each))).toEqual([
    false,
    true,
    false,
    false,
  ])
  expect((['read', 'ingest', 'write', 'admin'] as const).map((each) => scopesMay(['read'], each))).toEqual([
    true,
    false,
    false,
    false,
  ])
})

test('a token that asks without pause is told when to come back; another one, and what it sends, is not held up', () => {
  const ask = (tokenId: string) => {
    try {
      takeTurn(tokenId, 'read')
      return null
    } catch (error) {
      return error
    }
  }
  const refusals = Array.from({ length: 5_000 }, () => ask('hasty')).filter((error) => error !== null)
  expect(refusals[0]).toMatchObject({ code: 'too-many-requests', retryAfterSeconds: 1 })
  expect(ask('calm')).toBeNull()
  expect(() => takeTurn('hasty', 'ingest')).not.toThrow()
})
