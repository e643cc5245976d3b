export type Compression = 'gz' | 'bz2' | 'xz' | 'zst'
export type Container = Compression | 'zip' | 'tar'

/** Bytes needed to tell: a tar header is the longest. */
export const DETECT_BYTES = 512

/** What a file is packed in, by its first bytes; null when it is packed in nothing that is read here. */
export function detectContainer(head: Uint8Array): Container | null {
  const startsWith = (...bytes: number[]) =>
    head.length >= bytes.length && bytes.every((byte, place) => head[place] === byte)
  if (startsWith(0x1f, 0x8b, 8)) return 'gz'
  // "BZh", a block size of 1 to 9, then the first block's or the end's magic number
  if (
    startsWith(0x42, 0x5a, 0x68) &&
    isBetween(head[3], 0x31, 0x39) &&
    (isBlock(head, 0x31, 0x41) || isBlock(head, 0x17, 0x72))
  )
    return 'bz2'
  if (startsWith(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0)) return 'xz'
  if (startsWith(0x28, 0xb5, 0x2f, 0xfd)) return 'zst'
  if (startsWith(0x50, 0x4b, 3, 4) || startsWith(0x50, 0x4b, 5, 6)) return 'zip'
  return isTarHeader(head) ? 'tar' : null
}

export function isCompression(container: Container | null): container is Compression {
  return container !== null && container !== 'zip' && container !== 'tar'
}

function isBetween(byte: number | undefined, least: number, most: number): boolean {
  return byte !== undefined && byte >= least && byte <= most
}

function isBlock(head: Uint8Array, first: number, second: number): boolean {
  return head[4] === first && head[5] === second
}

/** A tar header names itself by its checksum: the sum of its bytes, with the checksum's own taken as blanks. */
export function isTarHeader(head: Uint8Array): boolean {
  if (head.length < DETECT_BYTES || head[0] === 0) return false
  const printed = /^[ 0]*([0-7]{1,7})[ \0]/.exec(latin1(head.subarray(148, 156)))?.[1]
  if (printed === undefined) return false
  let sum = 8 * 0x20
  for (let place = 0; place < DETECT_BYTES; place += 1) if (place < 148 || place >= 156) sum += head[place] ?? 0
  return sum === Number.parseInt(printed, 8)
}

export function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
