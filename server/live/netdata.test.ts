import { mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { totalmem, userInfo } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { findHost } from '@/lib/db/hosts'
import { newId } from '@/lib/db/ids'
import { listSamples } from '@/lib/db/samples'
import { LiveServer, live, missing, Sender } from '@/server/live/trial'
import { createNetdataListener } from '@/server/netdata-listener'

/** What Netdata 1.37 with username and password sent over one connection: six requests. */
const CAPTURED = readFileSync(
  join(import.meta.dirname, '../../lib/ingest/protocols/fixtures/netdata/netdata-1.37-basic-auth.raw-tcp.bin'),
)
const CAPTURED_CREDENTIALS = Buffer.from('agent:omd_test_token').toString('base64')

/** Writes the bytes over one connection. @returns the status of every answer until the server has none left */
async function statusesOf(server: LiveServer, bytes: Buffer, count: number): Promise<number[]> {
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  let answers = ''
  socket.on('data', (part) => {
    answers += part
    if (answers.split('HTTP/1.1 ').length > count) socket.end()
  })
  const ended = new Promise((resolve) => socket.once('close', resolve))
  socket.write(bytes)
  await ended
  return [...answers.matchAll(/^HTTP\/1\.1 (\d{3})/gm)].map(([, status]) => Number(status))
}

function withToken(token: string): Buffer {
  const credentials = Buffer.from(`agent:${token}`).toString('base64')
  return Buffer.from(CAPTURED.toString('latin1').replaceAll(CAPTURED_CREDENTIALS, credentials), 'latin1')
}

test('Netdata’s requests with a password are read on the port made for them', async () => {
  const server = await LiveServer.open((answer) => createNetdataListener({}, answer))
  try {
    expect(await statusesOf(server, withToken(server.token), 6)).toEqual([204, 204, 204, 204, 204, 204])
    const host = await findHost('cache02')
    const stored = await listSamples(host?.id ?? '', { from: 0, to: Date.parse('2030-01-01') })
    expect(stored[0]).toMatchObject({
      load1: expect.any(Number),
      load5: expect.any(Number),
      load15: expect.any(Number),
    })
  } finally {
    await server.close()
  }
})

test('on any other port they are refused before a handler sees them', async () => {
  const server = await LiveServer.open(createServer)
  try {
    expect(await statusesOf(server, withToken(server.token), 1)).toEqual([400])
    expect(server.answered).toEqual([])
  } finally {
    await server.close()
  }
})

test('the lenient port answers nothing else', async () => {
  const server = await LiveServer.open((answer) => createNetdataListener({}, answer))
  try {
    const headers = { authorization: `Bearer ${server.token}` }
    for (const path of ['/', '/api/put/', '/api/ingest/json', '/api/v1/logs']) {
      expect((await fetch(`${server.url}${path}`, { method: 'POST', headers, body: '[]' })).status).toBe(404)
    }
    expect((await fetch(`${server.url}/api/put`, { headers })).status).toBe(404)
    expect(server.answered).toEqual([])
  } finally {
    await server.close()
  }
})

/** Only what reads /proc runs, into folders of the sender's own. */
function netdataConfiguration(sender: Sender, host: string): string {
  const places = ['config', 'cache', 'lib', 'log'].map((name) => {
    mkdirSync(sender.file(name))
    return `  ${name} = ${sender.file(name)}`
  })
  const plugins = [
    'apps',
    'cgroups',
    'charts.d',
    'diskspace',
    'ebpf',
    'go.d',
    'idlejitter',
    'python.d',
    'slabinfo',
    'tc',
  ]
  return [
    '[global]',
    `  run as user = ${userInfo().username}`,
    `  hostname = ${host}`,
    '[directories]',
    ...places,
    '[db]',
    '  mode = ram',
    ...['web', 'ml', 'health', 'statsd'].flatMap((part) => [`[${part}]`, '  enabled = no', '  mode = none']),
    '[plugins]',
    ...plugins.map((name) => `  ${name} = no`),
    '',
  ].join('\n')
}

live('Netdata tells its memory with a password', missing('netdata'), async () => {
  const host = `live-${newId().toLowerCase()}`
  const server = await LiveServer.open((answer) => createNetdataListener({}, answer))
  const sender = new Sender()
  try {
    const configuration = sender.write('netdata.conf', netdataConfiguration(sender, host))
    sender.write('config/.opt-out-from-anonymous-statistics', '')
    sender.write('config/exporting.conf', `${server.configurationOf('Netdata')}\n  update every = 1\n`)
    sender.start('netdata', ['-D', '-c', configuration, '-P', sender.file('pid')])
    const samples = await vi.waitFor(
      async () => {
        const found = await findHost(host)
        const stored = found ? await listSamples(found.id, { from: Date.now() - 60_000, to: Date.now() }) : []
        const whole = stored.filter(({ memTotal }) => memTotal !== undefined)
        expect(whole.length, sender.words).toBeGreaterThan(1)
        return whole
      },
      { timeout: 60_000, interval: 200 },
    )
    const MIB = 1024 ** 2
    for (const { memTotal, memAvailable } of samples) {
      expect(Math.abs((memTotal ?? 0) - totalmem())).toBeLessThan(MIB)
      expect(memAvailable).toBeGreaterThan(MIB)
    }
  } finally {
    await sender.end()
    await server.close()
  }
})
