import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { decodeBody } from '@/lib/ingest/protocols/body'
import type { Decoded, Protocol, StreamedProtocol, WireRequest } from '@/lib/ingest/protocols/protocol'
import { findProtocol, isStreamed, PROTOCOLS } from '@/lib/ingest/protocols/registry'
import { gatherSnapshots } from '@/lib/ingest/protocols/snapshots'
import { nsToMs } from '@/lib/ingest/protocols/wire-time'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const RECEIVED_AT = Date.parse('2026-11-24T13:00:00Z')

interface Expected {
  method: string
  path: string
  headers: Record<string, string>
  status: number[]
  hosts: string[]
  logLines: number
  firstLine?: string
  lastLine?: string
  timeOfFirst?: string
  samples: {
    at: string[]
    valuesAt?: string
    values: Record<string, number>
    optional?: Record<string, number>
    mustNotHave?: string[]
  }
}

interface Capture {
  name: string
  protocol: Protocol | StreamedProtocol
  expected: Expected
  body: Buffer
}

const captures: Capture[] = PROTOCOLS.flatMap((protocol) =>
  filesOf(protocol.name)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const name = file.slice(0, -'.json'.length)
      return {
        name,
        protocol,
        expected: JSON.parse(readFileSync(join(FIXTURES, protocol.name, file), 'utf8')),
        body: readFileSync(join(FIXTURES, protocol.name, `${name}.body.bin`)),
      }
    }),
)

function filesOf(protocol: string): string[] {
  try {
    return readdirSync(join(FIXTURES, protocol))
  } catch {
    return []
  }
}

function requestOf({ protocol, expected }: Capture, body: Uint8Array): WireRequest {
  const [path = '', query = ''] = expected.path.split('?')
  const name = path.split('/')[3] ?? ''
  expect(findProtocol(name)).toBe(protocol)
  return {
    method: expected.method,
    path: path.split('/').slice(4).join('/'),
    query: new URLSearchParams(query),
    headers: new Headers(expected.headers),
    body,
    receivedAt: RECEIVED_AT,
  }
}

async function decode(capture: Capture, sent: Uint8Array = capture.body): Promise<Decoded[]> {
  const { protocol, expected } = capture
  if (isStreamed(protocol)) {
    const reader = protocol.createReader(requestOf(capture, sent))
    return [reader.push(sent), reader.end()]
  }
  const expectsSnappy = protocol.expectsSnappy === true
  const body = await decodeBody(sent, expected.headers['content-encoding'] ?? null, { expectsSnappy })
  return [protocol.decode(requestOf(capture, body))]
}

describe.each(captures)('$name', (capture) => {
  const { expected, protocol } = capture

  test('gives the lines, hosts and values that were sent', async () => {
    const decoded = await decode(capture)
    const lines = decoded.flatMap((part) => part.lines).filter((line) => line.program !== 'alertmanager')
    const readings = decoded.flatMap((part) => part.readings)
    const hosts = new Set([...decoded.flatMap((part) => part.lines), ...readings].map((item) => item.host))
    expect([...hosts]).toEqual(expected.hosts)
    expect(lines).toHaveLength(expected.logLines)
    if (expected.firstLine !== undefined) expect(lines[0]?.text).toBe(expected.firstLine)
    if (expected.lastLine !== undefined) expect(lines.at(-1)?.text).toBe(expected.lastLine)
    if (expected.timeOfFirst !== undefined) {
      expect(nsToMs(lines[0]?.atNs ?? 0n)).toBe(Date.parse(expected.timeOfFirst))
    }
    const snapshots = gatherSnapshots(readings, protocol.snapshotToleranceMs).filter((one) =>
      one.readings.some((reading) => 'field' in reading),
    )
    for (const { at } of snapshots) expect(expected.samples.at.map((time) => Date.parse(time))).toContain(at)
    const whole = snapshots.find(
      ({ at }) => at === Date.parse(expected.samples.valuesAt ?? expected.samples.at[0] ?? ''),
    )
    const values = Object.fromEntries(
      (whole?.readings ?? []).flatMap((reading) => ('field' in reading ? [[reading.field, reading.value]] : [])),
    )
    for (const [field, value] of Object.entries(expected.samples.values)) expect(values[field]).toBeCloseTo(value, 0)
    for (const [field, value] of Object.entries(expected.samples.optional ?? {})) {
      if (values[field] !== undefined) expect(values[field]).toBeCloseTo(value, 0)
    }
    for (const field of expected.samples.mustNotHave ?? []) expect(values).not.toHaveProperty(field)
    const known = [...Object.keys(expected.samples.values), ...Object.keys(expected.samples.optional ?? {})]
    for (const field of Object.keys(values)) expect(known).toContain(field)
  })

  test('is answered as the sender expects', async () => {
    const [decoded] = await decode(capture)
    const answer = decoded && protocol.accept(requestOf(capture, await plainBody(capture)), decoded)
    expect(expected.status).toContain(answer?.status)
  })

  test('gives nothing wrong when cut at any byte', async () => {
    const whole = (await decode(capture)).flatMap((part) => part.lines)
    const step = Math.max(1, Math.floor(capture.body.length / 400))
    for (let length = 0; length < capture.body.length; length += step) {
      const decoded = await decode(capture, capture.body.subarray(0, length)).catch((error: Error) => {
        expect(error.name).toBe('AppError')
        return []
      })
      const lines = decoded.flatMap((part) => part.lines)
      expect(lines).toEqual(whole.slice(0, lines.length))
    }
  })
})

async function plainBody({ protocol, expected, body }: Capture): Promise<Uint8Array> {
  if (isStreamed(protocol)) return body
  return decodeBody(body, expected.headers['content-encoding'] ?? null, {
    expectsSnappy: protocol.expectsSnappy === true,
  })
}

test('every sender whose requests were captured has a capture among the fixtures', () => {
  const captured = PROTOCOLS.filter((protocol) => protocol.senders.some((sender) => sender.tested === 'captured'))
  for (const protocol of captured) {
    expect(
      captures.filter((capture) => capture.protocol === protocol),
      protocol.name,
    ).not.toHaveLength(0)
  }
})
