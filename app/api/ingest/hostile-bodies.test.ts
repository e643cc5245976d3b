import { gzipSync } from 'node:zlib'
import { beforeAll, expect, test } from 'vitest'
import { receive } from '@/app/api/ingest/receive'
import { issueToken } from '@/lib/auth/tokens'

/** An address of every protocol, as `protocol/path`. */
const ADDRESSES = [
  'json',
  'otlp/v1/logs',
  'otlp/v1/metrics',
  'prometheus/api/v1/write',
  'loki/loki/api/v1/push',
  'elasticsearch/_bulk',
  'influx/write',
  'collectd',
  'netdata/api/put',
  'splunk/services/collector/event',
  'splunk/services/collector/raw',
  'alertmanager',
  'kubernetes',
  'journald/upload',
]
/** Stored, or never to be stored: none of it is worth sending again. */
const FINAL = [200, 202, 204, 400, 413, 415]

const journalField = (size: bigint) => {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(size)
  return Buffer.concat([Buffer.from('MESSAGE\n'), length, Buffer.from('abc\n\n')])
}

const BODIES: [string, Buffer<ArrayBuffer>][] = [
  ['brackets a million deep', Buffer.from('['.repeat(1_000_000))],
  ['objects deep and closed', Buffer.from(`${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)],
  ['varints without end', Buffer.from('0affffffffffffffffff01'.repeat(200), 'hex')],
  ['a message that says it is 4 GiB long', Buffer.from('0affffffff0f00', 'hex')],
  ['a snappy block that says it is 4 GiB', Buffer.from(`ffffffff0f${'00'.repeat(64)}`, 'hex')],
  ['a snappy block of copies of nothing', Buffer.from(`8080808008${'fe0100'.repeat(500)}`, 'hex')],
  ['nothing but NUL', Buffer.alloc(200_000)],
  ['one line of megabytes', Buffer.alloc(4_000_000, 'A')],
  ['a journal field of 2^64 bytes', journalField(0xffff_ffff_ffff_ffffn)],
  ['a journal field of 700 MiB that never comes', journalField(700n * 1024n ** 2n)],
  ['a gzip bomb', gzipSync(Buffer.alloc(40_000_000))],
  ['half a gzip', gzipSync(Buffer.from('x'.repeat(1_000))).subarray(0, 20)],
  ['a window of zstd larger than any', Buffer.from('28b52ffd00f800', 'hex')],
  ['UTF-16', Buffer.from('{"message":"x"}', 'utf16le')],
  ['a prototype', Buffer.from('{"__proto__":{"x":1},"streams":[],"message":"x"}')],
  ['a number beyond numbers', Buffer.from('[{"message":"x","timestamp":1e999,"time":-1e308,"values":[1e999]}]')],
  ['quotes that never close', Buffer.from('"'.repeat(300_001))],
  ['backslashes', Buffer.from(`{"streams":[{"stream":{"a":"${'\\\\'.repeat(100_000)}"},"values":[["1","x"]]}]}`)],
  ['tags without end', Buffer.from(`m,${'a=b,'.repeat(100_000)} f=1`)],
]

let token = ''
beforeAll(async () => {
  const issued = await issueToken({ name: 'x', scopes: ['ingest'], host: null, expiresAt: null, createdById: null })
  token = issued.secret
})

test.each(BODIES)('%s is refused for good, or harmless, at every address', async (_, body) => {
  for (const address of ADDRESSES) {
    for (const type of ['application/json', 'application/x-protobuf']) {
      const [protocol = '', ...path] = address.split('/')
      const headers = { authorization: `Bearer ${token}`, 'content-type': type }
      const request = new Request(`http://oom.example/api/ingest/${address}`, { method: 'POST', headers, body })
      expect(FINAL, `${address} ${type}`).toContain((await receive(request, protocol, path)).status)
    }
  }
})
