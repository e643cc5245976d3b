import { expect, test } from 'vitest'
import { requireOwnOrigin } from '@/lib/auth/origin'

const HOST = 'oomscope.example:3000'

function isOwn(origin: string | null): boolean {
  try {
    requireOwnOrigin(new Headers({ host: HOST, ...(origin === null ? {} : { origin }) }))
    return true
  } catch {
    return false
  }
}

test.each([
  ['our own over http', `http://${HOST}`, true],
  ['our own behind a proxy that speaks https', `https://${HOST}`, true],
  ['missing', null, false],
  ['null, as from a sandboxed frame', 'null', false],
  ['another site', 'https://evil.example', false],
  ['our name on another port', 'http://oomscope.example:3001', false],
  ['our name as the beginning of another', `http://${HOST}.evil.example`, false],
  ['empty', '', false],
])('an Origin that is %s', (_what, origin, isAllowed) => {
  expect(isOwn(origin)).toBe(isAllowed)
})
