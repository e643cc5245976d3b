import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { AppError } from '@/lib/errors'
import { decodeBody } from '@/lib/ingest/protocols/body'
import { isStreamed, PROTOCOLS } from '@/lib/ingest/protocols/registry'
import { message, requestOf } from '@/lib/ingest/protocols/request.fixture'

const FIXTURES = join(import.meta.dirname, 'fixtures')
const ROUNDS = 150

/** Numbers that are the same in every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Bytes changed, taken out, doubled, or replaced by a varint that says "very long". */
function mutate(body: Uint8Array, random: () => number): Uint8Array {
  const bytes = [...body]
  for (let times = Math.ceil(random() * 8); times > 0; times -= 1) {
    const at = Math.floor(random() * bytes.length)
    const kind = random()
    if (kind < 0.4) bytes[at] = Math.floor(random() * 256)
    else if (kind < 0.6) bytes.splice(at, Math.ceil(random() * 16))
    else if (kind < 0.8) bytes.splice(at, 0, ...bytes.slice(at, at + 16))
    else bytes.splice(at, 0, 0xff, 0xff, 0xff, 0xff, 0x7f)
  }
  return Uint8Array.from(bytes)
}

const bodies = PROTOCOLS.flatMap((protocol) => {
  const folder = join(FIXTURES, protocol.name)
  let files: string[] = []
  try {
    files = readdirSync(folder).filter((file) => file.endsWith('.body.bin'))
  } catch {
    // Protocols known from their specification alone have no captures.
  }
  return files.map((file) => ({ protocol, file, body: readFileSync(join(folder, file)) }))
})

describe.each(bodies)('$file', ({ protocol, file, body }) => {
  test('broken in any way it is read or refused, and never a fault of ours', async () => {
    const random = seeded(file.length)
    for (let round = 0; round < ROUNDS; round += 1) {
      const sent = mutate(body, random)
      try {
        if (isStreamed(protocol)) {
          const reader = protocol.createReader(requestOf(''))
          reader.push(sent)
          reader.end()
          continue
        }
        const plain = await decodeBody(sent, null, { expectsSnappy: protocol.expectsSnappy })
        for (const path of ['', 'v1/logs', 'v1/metrics', '_bulk']) {
          const request = requestOf(plain, { path })
          try {
            protocol.accept(request, protocol.decode(request))
          } catch (error) {
            expect(error).toBeInstanceOf(AppError)
          }
        }
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    }
  })
})

test.each([
  ['a length of four gigabytes', Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 0x00)],
  ['a varint without end', new Uint8Array(64).fill(0xff)],
  ['groups within groups', new Uint8Array(100_000).fill(0x0b)],
  ['a field number of zero', Uint8Array.of(0x02, 0x00)],
  [
    'ten thousand empty series',
    message(...Array.from({ length: 10_000 }, (): [number, Uint8Array] => [1, new Uint8Array()])),
  ],
])('%s is harmless in every binary protocol', (_, body) => {
  for (const protocol of PROTOCOLS) {
    if (isStreamed(protocol)) continue
    for (const path of ['', 'v1/logs', 'v1/metrics']) {
      const headers = { 'content-type': 'application/x-protobuf' }
      try {
        protocol.decode(requestOf(body, { path, headers }))
      } catch (error) {
        expect(error).toBeInstanceOf(AppError)
      }
    }
  }
})
