import { expect, test } from 'vitest'
import { loggedPath } from '@/lib/http/log'

test('a path is logged without the token in it', () => {
  expect(loggedPath('http://127.0.0.1:3000/s/k7Qm2vXc9RbT4hYw/incident.json?x=1')).toBe('/s/…/incident.json')
  expect(loggedPath('http://127.0.0.1:3000/api/ingest/journald/oom_abc-D_9/upload')).toBe(
    '/api/ingest/journald/oom_…/upload',
  )
  expect(loggedPath('http://127.0.0.1:3000/api/v1/hosts')).toBe('/api/v1/hosts')
})
