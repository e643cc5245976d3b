/** One entry of the journal: the wanted fields as text. */
export type JournalEntry = Map<string, string>

/** Longer values (core dumps live in the journal) are passed over without being kept. */
const VALUE_LIMIT = 256 * 1024
/** systemd src/libsystemd/sd-journal/journal-file.h, DATA_SIZE_MAX. */
const LARGEST_VALUE = 768 * 1024 * 1024
const LINE_FEED = 0x0a
const EQUALS = 0x3d

/**
 * Reads systemd's journal export format in any chunking, holding one value at a time.
 *
 * @see https://systemd.io/JOURNAL_EXPORT_FORMATS
 */
export class JournalExportReader {
  /** Bytes that are neither a field nor an entry's end. */
  unreadable = 0
  private held: Buffer = Buffer.alloc(0)
  private entry: JournalEntry = new Map()
  /** Bytes of a long value that are still to be passed over. */
  private skip = 0
  private isSkippingLine = false

  /** @param wanted names of the fields to keep */
  constructor(private readonly wanted: ReadonlySet<string>) {}

  /** The entries that these bytes complete. */
  push(bytes: Uint8Array): JournalEntry[] {
    const entries: JournalEntry[] = []
    const input =
      this.held.length === 0
        ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
        : Buffer.concat([this.held, bytes])
    let at = 0
    for (;;) {
      at = this.passOver(input, at)
      if (this.skip > 0 || this.isSkippingLine) break
      const end = input.indexOf(LINE_FEED, at)
      if (end < 0) {
        if (input.length - at > VALUE_LIMIT) {
          this.isSkippingLine = true
          at = input.length
        }
        break
      }
      if (end === at) {
        if (this.entry.size > 0) entries.push(this.entry)
        this.entry = new Map()
        at = end + 1
        continue
      }
      const next = this.readField(input, at, end)
      if (next === null) break
      at = next
    }
    // A copy, so that a small rest does not keep a large chunk alive.
    this.held = Buffer.from(input.subarray(at))
    return entries
  }

  /** The last entry, when only its closing empty line is missing; null when nothing or half a field was left. */
  end(): JournalEntry | null {
    const isCut = this.held.length > 0 || this.skip > 0 || this.isSkippingLine
    return isCut || this.entry.size === 0 ? null : this.entry
  }

  private passOver(input: Buffer, from: number): number {
    if (this.isSkippingLine) {
      const end = input.indexOf(LINE_FEED, from)
      if (end < 0) return input.length
      this.isSkippingLine = false
      return end + 1
    }
    const passed = Math.min(this.skip, input.length - from)
    this.skip -= passed
    return from + passed
  }

  /** @returns where the next field begins; null when this one is not complete yet */
  private readField(input: Buffer, start: number, end: number): number | null {
    const equals = input.indexOf(EQUALS, start)
    if (equals >= 0 && equals < end) {
      this.keep(input.toString('latin1', start, equals), input.subarray(equals + 1, end))
      return end + 1
    }
    if (!isFieldName(input, start, end)) {
      this.unreadable += end - start
      return end + 1
    }
    if (input.length < end + 9) return null
    const size = Number(input.readBigUInt64LE(end + 1))
    const from = end + 9
    if (size > LARGEST_VALUE) {
      this.unreadable += 8
      return from
    }
    if (size > VALUE_LIMIT) {
      this.skip = size + 1
      return from
    }
    if (input.length < from + size + 1) return null
    this.keep(input.toString('latin1', start, end), input.subarray(from, from + size))
    return from + size + 1
  }

  private keep(name: string, value: Buffer): void {
    // A field may occur more than once; the first is the one journalctl shows.
    if (this.wanted.has(name) && !this.entry.has(name)) this.entry.set(name, value.toString('utf8'))
    else if (this.entry.size === 0) this.entry.set('', '')
  }
}

function isFieldName(input: Buffer, start: number, end: number): boolean {
  if (end - start > 64) return false
  for (let index = start; index < end; index += 1) {
    const code = input[index] ?? 0
    const isLetter = code >= 0x41 && code <= 0x5a
    const isDigit = code >= 0x30 && code <= 0x39
    if (!isLetter && !isDigit && code !== 0x5f) return false
  }
  return true
}
