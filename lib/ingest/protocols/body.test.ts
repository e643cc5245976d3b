import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { decodeBody, readBody } from '@/lib/ingest/protocols/body'

const TEXT = '{"streams":[]}'
const BYTES = new TextEncoder().encode(TEXT)

test.each([
  ['gzip', gzipSync(BYTES), 'gzip'],
  ['gzip that nobody declared', gzipSync(BYTES), null],
  ['zlib', deflateSync(BYTES), 'deflate'],
  ['raw deflate under the same name', deflateRawSync(BYTES), 'deflate'],
  ['plain text under a wrong header', Buffer.from(BYTES), 'gzip'],
  ['JSON where snappy is usual', Buffer.from(BYTES), 'snappy'],
])('%s is read', async (_, body, encoding) => {
  const decoded = await decodeBody(body, encoding, { expectsSnappy: true })
  expect(new TextDecoder().decode(decoded)).toBe(TEXT)
})

test('a gzip bomb is refused at the limit', async () => {
  const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024))
  await expect(decodeBody(bomb, 'gzip', { limit: 1024 * 1024 })).rejects.toMatchObject({ code: 'too-large' })
})

test('a zstd frame that asks for a window of gigabytes is refused', async () => {
  // Window descriptor 0xa8: 2^31 bytes.
  const frame = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xa8, 0x01, 0x00, 0x00)
  await expect(decodeBody(frame, 'zstd')).rejects.toMatchObject({ code: 'too-large' })
})

test('a cut gzip body can never succeed', async () => {
  const packed = gzipSync(Buffer.from('Out of memory: Killed process 812 (java)'))
  await expect(decodeBody(packed.subarray(0, packed.length - 9), 'gzip')).rejects.toMatchObject({ code: 'invalid' })
})

test('an encoding nobody here knows is an unsupported type', async () => {
  await expect(decodeBody(BYTES, 'br')).rejects.toMatchObject({ code: 'unsupported-type' })
})

test('a body without end is not listened to for ever', async () => {
  let sent = 0
  async function* endless() {
    for (;;) {
      sent += 1
      yield new Uint8Array(1024)
    }
  }
  await expect(readBody(endless(), 10 * 1024)).rejects.toMatchObject({ code: 'too-large' })
  expect(sent).toBe(51)
})
