import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guideAsMarkdown, listSenders } from '@/lib/ingest/protocols/guide'

const DOCUMENT = join(import.meta.dirname, '../../../docs/protocols.md')

test('docs/protocols.md shows the senders of the registry as they are', () => {
  const [, senders = ''] = readFileSync(DOCUMENT, 'utf8').split('\n## Senders\n\n')
  expect(senders.trimEnd()).toBe(guideAsMarkdown().trimEnd())
})

test('an address without a port gets the one of its scheme', () => {
  const [docker] = listSenders('https://oom.example', 'oom_abc').filter(({ name }) => name === 'Docker Loki driver')
  expect(docker?.configuration).toContain('https://agent:oom_abc@oom.example:443/api/ingest/loki/loki/api/v1/push')
})
