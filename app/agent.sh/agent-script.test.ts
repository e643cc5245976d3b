import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { GET } from '@/app/agent.sh/route'

function fetchScript(host: string): Promise<Response> {
  return GET(new Request('http://ignored/agent.sh', { headers: { host } }), undefined)
}

test('the agent comes with the address it was asked at, and is a script', async () => {
  const answer = await fetchScript('oom.example.org:8080')
  const script = await answer.text()
  expect(script).toContain("DEFAULT_URL='http://oom.example.org:8080'")
  expect(spawnSync('sh', ['-n'], { input: script }).status).toBe(0)
})

test('a Host header that would end the quotes is refused', async () => {
  expect((await fetchScript("x';reboot;'")).status).toBe(400)
})
