import type { ByteReader } from '@/lib/archives/byte-reader'
import { isTarHeader } from '@/lib/archives/detect'
import type { EpochMs } from '@/lib/units'

export interface TarEntry {
  /** As written, not checked. */
  name: string
  kind: 'file' | 'directory' | 'link' | 'other'
  linkTarget: string
  sizeBytes: number
  modifiedAt: EpochMs | null
}

const BLOCK = 512
// Longer names than this are no names.
const LARGEST_HEADER_BYTES = 1024 ** 2

/**
 * Reads a tar (v7, ustar, GNU, pax) one entry after the other. The caller takes the entry's bytes with `readContent`
 * before it asks for the next; what it leaves is skipped.
 *
 * @param onCut called with the reason when the archive ends early or a header is damaged
 */
export async function* readTar(
  reader: ByteReader,
  onCut: (reason: string) => void,
): AsyncGenerator<{ entry: TarEntry; content: AsyncGenerator<Uint8Array> }> {
  let longName: string | null = null
  let longLink: string | null = null
  let pax: Map<string, string> = new Map()
  while (true) {
    const header = await reader.take(BLOCK)
    if (header.length === 0 || header.every((byte) => byte === 0)) return
    if (header.length < BLOCK) return onCut('ends inside a header')
    if (!isTarHeader(header)) return onCut('a header is damaged')
    const type = String.fromCharCode(header[156] ?? 0)
    const size = Number(pax.get('size') ?? numberAt(header, 124, 12))
    if (!Number.isSafeInteger(size) || size < 0) return onCut('a header is damaged')
    if (type === 'L' || type === 'K' || type === 'x' || type === 'g') {
      if (size > LARGEST_HEADER_BYTES) return onCut('a header is larger than 1 MiB')
      const bytes = (await reader.take(paddedSize(size))).subarray(0, size)
      if (bytes.length < size) return onCut('ends inside a header')
      if (type === 'L') longName = textOf(bytes)
      else if (type === 'K') longLink = textOf(bytes)
      else if (type === 'x') pax = parsePax(bytes)
      continue
    }
    const entry: TarEntry = {
      name: pax.get('path') ?? longName ?? nameOf(header),
      kind: KINDS[type] ?? 'other',
      linkTarget: pax.get('linkpath') ?? longLink ?? textOf(header.subarray(157, 257)),
      sizeBytes: size,
      modifiedAt: timeOf(pax.get('mtime') ?? numberAt(header, 136, 12)),
    }
    longName = null
    longLink = null
    pax = new Map()
    const body = createBody(reader, type === '1' || type === '2' || type === '5' ? 0 : size)
    yield { entry, content: body.content() }
    await body.skip()
    if (body.isCut()) return onCut(`ends inside ${entry.name}`)
  }
}

const KINDS: Record<string, TarEntry['kind']> = {
  '0': 'file',
  '\0': 'file',
  '7': 'file',
  '1': 'link',
  '2': 'link',
  '5': 'directory',
}

function createBody(reader: ByteReader, size: number) {
  let left = size
  let padding = paddedSize(size) - size
  let isCut = false
  async function next(): Promise<Uint8Array | null> {
    if (left === 0 || isCut) return null
    const piece = await reader.next(left)
    if (piece) left -= piece.length
    else isCut = true
    return piece
  }
  return {
    async *content(): AsyncGenerator<Uint8Array> {
      for (let piece = await next(); piece; piece = await next()) yield piece
    },
    async skip(): Promise<void> {
      while (await next());
      if (!isCut && padding > 0) await reader.take(padding)
      padding = 0
    },
    isCut: () => isCut,
  }
}

function paddedSize(size: number): number {
  return Math.ceil(size / BLOCK) * BLOCK
}

function textOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

function nameOf(header: Uint8Array): string {
  const isUstar = textOf(header.subarray(257, 262)) === 'ustar'
  // GNU's own format keeps times where ustar keeps the front of a long name.
  const isGnu = isUstar && header[262] === 0x20
  const prefix = isUstar && !isGnu ? textOf(header.subarray(345, 500)) : ''
  const name = textOf(header.subarray(0, 100))
  return prefix === '' ? name : `${prefix}/${name}`
}

/** Octal digits, or with the first bit set a number of base 256 (GNU, above 8 GiB). */
function numberAt(header: Uint8Array, offset: number, length: number): number {
  const field = header.subarray(offset, offset + length)
  if (((field[0] ?? 0) & 0x80) !== 0)
    return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, (field[0] ?? 0) & 0x7f)
  return Number.parseInt(textOf(field).trim() || '0', 8)
}

function timeOf(seconds: string | number): EpochMs | null {
  const at = Math.round(Number(seconds) * 1000)
  return Number.isFinite(at) && at > 0 ? at : null
}

/** "30 mtime=1795488106.123\n": length of the record, key, value. */
function parsePax(bytes: Uint8Array): Map<string, string> {
  const records = new Map<string, string>()
  let start = 0
  while (start < bytes.length) {
    const blank = bytes.indexOf(0x20, start)
    const length = Number(new TextDecoder().decode(bytes.subarray(start, blank)))
    if (blank < 0 || !Number.isInteger(length) || length <= 0) break
    const record = new TextDecoder().decode(bytes.subarray(blank + 1, start + length - 1))
    const equals = record.indexOf('=')
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1))
    start += length
  }
  return records
}
