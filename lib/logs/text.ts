/** Longest line that is read; what is longer is cut, with a warning. */
export const MAX_LINE = 65_536
/** Bytes kept of a line: enough for MAX_LINE characters of any script. */
const MAX_LINE_BYTES = MAX_LINE * 4
/** Larger blocks make strings that only a full garbage collection frees: 300 MB of memory instead of 110 for a large log. */
const PIECE_BYTES = 65_536
const LF = 10
const CR = 13
const LINE_END = Uint8Array.of(LF)

/**
 * Cuts bytes into blocks of whole lines, each ended by LF, whatever the chunks are: UTF-16 with a byte order mark becomes
 * UTF-8; CR alone is a line end when the text has no LF. A block may be a view of the chunk it came in: it is the
 * receiver's until `onBlock` returns.
 */
export function createByteSplitter(onBlock: (block: Uint8Array) => void) {
  let rest: Uint8Array[] = []
  let restBytes = 0
  let isCut = false
  let transform: ((bytes: Uint8Array, isEnd: boolean) => Uint8Array) | null = null

  function keep(bytes: Uint8Array): void {
    const room = MAX_LINE_BYTES - restBytes
    if (bytes.length > room) isCut = true
    if (room <= 0 || bytes.length === 0) return
    // A copy, because the sender may use its buffer again.
    rest.push(new Uint8Array(bytes.subarray(0, room)))
    restBytes += Math.min(bytes.length, room)
  }

  /** The line that chunks before this one began, whole. */
  function takeRest(tail: Uint8Array): Uint8Array {
    keep(tail)
    const line = concat(rest)
    rest = []
    restBytes = 0
    const whole = isCut ? trimSequence(line) : line
    isCut = false
    return concat([whole, LINE_END])
  }

  function split(bytes: Uint8Array): void {
    const end = bytes.lastIndexOf(LF)
    if (end < 0) {
      keep(bytes)
      return
    }
    let start = 0
    if (rest.length > 0) {
      const first = bytes.indexOf(LF)
      onBlock(takeRest(bytes.subarray(0, first)))
      start = first + 1
    }
    if (start <= end) onBlock(bytes.subarray(start, end + 1))
    keep(bytes.subarray(end + 1))
  }

  let head: Uint8Array[] | null = []
  let headBytes = 0

  /** The first line end, or byte order mark, decides how the text is read; until it is seen, bytes wait. */
  function settleHead(isEnd: boolean): void {
    if (!head) return
    const bytes = concat(head)
    let at = bytes.findIndex((byte) => byte === LF || byte === CR)
    const isCarriage = bytes[at] === CR
    while (bytes[at] === CR) at += 1
    const isOpen = at < 0 || at >= bytes.length
    if (isOpen && headBytes < MAX_LINE && !isEnd) return
    transform = transformOf(bytes, isCarriage && bytes[at] !== LF)
    head = null
    feed(bytes, isEnd)
  }

  function feed(bytes: Uint8Array, isEnd: boolean): void {
    const whole = transform ? transform(bytes, isEnd) : bytes
    // Of one class, whatever the sender's: where arrays of several classes meet, reading a byte takes twice as long.
    const plain = new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength)
    for (let at = 0; at < plain.length; at += PIECE_BYTES) split(plain.subarray(at, at + PIECE_BYTES))
  }

  return {
    push(bytes: Uint8Array): void {
      if (bytes.length === 0) return
      if (!head) {
        feed(bytes, false)
        return
      }
      head.push(bytes.slice())
      headBytes += bytes.length
      settleHead(false)
    },
    end(): void {
      if (head) settleHead(true)
      else if (transform) feed(new Uint8Array(0), true)
      if (restBytes > 0) onBlock(takeRest(new Uint8Array(0)))
    },
  }
}

/** Blocks of whole lines as text, as `decodeLines` reads them. */
export function createLineSplitter(onBlock: (text: string) => void) {
  return createByteSplitter((block) => onBlock(decodeLines(block)))
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Text of whole lines, or of one without its end: UTF-8, else Latin-1 line by line. */
export function decodeLines(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return decodeByLine(bytes)
  }
}

function decodeByLine(bytes: Uint8Array): string {
  const lines: string[] = []
  let from = 0
  while (from < bytes.length) {
    const found = bytes.indexOf(LF, from)
    const to = found < 0 ? bytes.length : found
    lines.push(decodeLine(bytes.subarray(from, Math.min(to, from + MAX_LINE_BYTES))))
    from = to + 1
  }
  return bytes.at(-1) === LF ? `${lines.join('\n')}\n` : lines.join('\n')
}

function decodeLine(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes)
  } catch {
    return latin1(bytes)
  }
}

function transformOf(
  bytes: Uint8Array,
  isCarriageOnly: boolean,
): ((bytes: Uint8Array, isEnd: boolean) => Uint8Array) | null {
  const wide = wideEncodingOf(bytes)
  if (wide) {
    const utf16 = new TextDecoder(wide)
    const encoder = new TextEncoder()
    return (part, isEnd) => encoder.encode(utf16.decode(part, { stream: !isEnd }))
  }
  return isCarriageOnly ? carriageToLine() : null
}

/** UTF-16 by its byte order mark, or by the zero that every second byte of a first line in western letters is. */
function wideEncodingOf(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  // The first line alone, so that the answer does not depend on how much has come with it.
  const end = bytes.findIndex((byte) => byte === LF || byte === CR)
  const zeros = [0, 0]
  const pairs = (end < 0 ? bytes.length : end) >> 1
  for (let at = 0; at < pairs * 2; at += 1) if (bytes[at] === 0) zeros[at & 1] = (zeros[at & 1] ?? 0) + 1
  const [first = 0, second = 0] = zeros
  if (pairs < 8 || Math.max(first, second) < pairs * 0.8 || Math.min(first, second) > 0) return null
  return second > first ? 'utf-16le' : 'utf-16be'
}

/** A lone CR ends a line; one that stands before an LF, which may come in the next chunk, ends it together with that. */
function carriageToLine(): (bytes: Uint8Array) => Uint8Array {
  let last = 0
  return (bytes) => {
    const out = new Uint8Array(bytes.length)
    let size = 0
    for (const byte of bytes) {
      if (!(byte === LF && last === CR)) {
        out[size] = byte === CR ? LF : byte
        size += 1
      }
      last = byte
    }
    return out.subarray(0, size)
  }
}

function concat(parts: Uint8Array[]): Uint8Array {
  if (parts.length === 1 && parts[0]) return parts[0]
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** Drops a UTF-8 sequence that the cut has left incomplete. */
function trimSequence(bytes: Uint8Array): Uint8Array {
  let end = bytes.length
  while (end > 0 && end > bytes.length - 4 && ((bytes[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1
  return end > 0 && (bytes[end - 1] ?? 0) >= 0xc0 ? bytes.subarray(0, end - 1) : bytes
}

/** ISO 8859-1, which has a character for every byte. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += 8192)
    text += String.fromCharCode(...bytes.subarray(from, from + 8192))
  return text
}
