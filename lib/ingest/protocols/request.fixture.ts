import { BinaryWriter } from '@bufbuild/protobuf/wire'
import type { WireRequest } from '@/lib/ingest/protocols/protocol'

/** A request as it reaches a decoder; what a test does not name is empty. */
export function requestOf(
  body: string | Uint8Array,
  about: { path?: string; query?: string; headers?: Record<string, string> } = {},
): WireRequest {
  return {
    method: 'POST',
    path: about.path ?? '',
    query: new URLSearchParams(about.query ?? ''),
    headers: new Headers(about.headers ?? {}),
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    receivedAt: Date.parse('2026-11-24T13:00:00Z'),
  }
}

/** A protobuf message from its fields: text and bytes are length-delimited, numbers doubles, bigints varints. */
export function message(...fields: [number, string | Uint8Array | number | bigint][]): Uint8Array {
  const writer = new BinaryWriter()
  for (const [number, value] of fields) {
    if (typeof value === 'string') writer.tag(number, 2).string(value)
    else if (typeof value === 'number') writer.tag(number, 1).double(value)
    else if (typeof value === 'bigint') writer.tag(number, 0).int64(value)
    else writer.tag(number, 2).bytes(value)
  }
  return writer.finish()
}

/** A packed repeated field of varints. */
export function packed(...numbers: number[]): Uint8Array {
  const writer = new BinaryWriter()
  for (const number of numbers) writer.uint32(number)
  return writer.finish()
}
