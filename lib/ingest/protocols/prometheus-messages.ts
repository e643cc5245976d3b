import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { AppError } from '@/lib/errors'
import type { EpochMs } from '@/lib/units'

export interface TimeSeries {
  name: string
  labels: ReadonlyMap<string, string>
  samples: { at: EpochMs; value: number }[]
}

export interface WriteRequest {
  version: 1 | 2
  /** Those whose names are wanted. */
  series: TimeSeries[]
  /** Series of other names. */
  unwanted: number
  metadata: number
  histograms: number
  exemplars: number
}

/** Enough for any scrape; a request that names more is not from Prometheus. */
const LABEL_LIMIT = 256
const NAME = '__name__'
/** Groups, which nothing of today writes, may nest so deep. */
const DEPTH_LIMIT = 20

/** What stands before a field: its number and how it is encoded. */
const tagOf = (number: number, type: WireType) => (number << 3) | type
const FIRST = tagOf(1, WireType.LengthDelimited)
const SECOND = tagOf(2, WireType.LengthDelimited)
const THIRD = tagOf(3, WireType.LengthDelimited)
const FOURTH = tagOf(4, WireType.LengthDelimited)
const FIFTH = tagOf(5, WireType.LengthDelimited)
const FIRST_DOUBLE = tagOf(1, WireType.Bit64)
const FIRST_NUMBER = tagOf(1, WireType.Varint)
const SECOND_NUMBER = tagOf(2, WireType.Varint)

type IsWanted = (name: string) => boolean

/**
 * A remote write request of either version. 1.0 has fields 1 (series) and 3 (metadata), 2.0 reserves those and has
 * 4 (symbols) and 5 (series); senders that forget the header are told apart by that.
 *
 * One reader walks the whole body: a scrape has hundreds of series and thousands of labels, and a reader for each of
 * them costs more than reading them.
 *
 * @param isWanted series of other names are counted and not built
 * @throws AppError 'invalid'
 * @see prompb/types.proto, prompb/io/prometheus/write/v2/types.proto of prometheus/prometheus
 */
export function readWriteRequest(body: Uint8Array, isWanted: IsWanted): WriteRequest {
  try {
    return readRequest(new BinaryReader(body), isWanted)
  } catch (error) {
    if (error instanceof AppError) throw error
    const reason = error instanceof Error ? error.message : 'it is broken'
    throw new AppError('invalid', `The body is not a remote write request: ${reason}.`)
  }
}

function readRequest(reader: BinaryReader, isWanted: IsWanted): WriteRequest {
  const request: WriteRequest = { version: 1, series: [], unwanted: 0, metadata: 0, histograms: 0, exemplars: 0 }
  const symbols: string[] = []
  const referring: { from: number; to: number }[] = []
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    if (tag === FIRST) addSeries(request, reader, enter(reader, reader.len), isWanted)
    else if (tag === FOURTH) symbols.push(reader.string())
    else if (tag === FIFTH) {
      const to = enter(reader, reader.len)
      referring.push({ from: reader.pos, to })
      reader.pos = to
    } else {
      request.metadata += tag === THIRD ? 1 : 0
      skip(reader, tag)
    }
    if (tag === FOURTH || tag === FIFTH) request.version = 2
  }
  // Symbols are written before the series, but nothing in the format promises it.
  for (const { from, to } of referring) {
    reader.pos = from
    addReferringSeries(request, reader, to, symbols, isWanted)
  }
  return request
}

function skip(reader: BinaryReader, tag: number): void {
  const number = tag >>> 3
  if (number === 0) throw new AppError('invalid', 'A field has no number.')
  reader.skip(tag & 7, number, DEPTH_LIMIT)
}

/** Where the message that begins here ends. */
function enter(reader: BinaryReader, parentEnd: number): number {
  const length = reader.uint32()
  const end = reader.pos + length
  if (end > parentEnd) throw overrun()
  return end
}

/** To be called behind the last field of a message. */
function leave(reader: BinaryReader, end: number): void {
  if (reader.pos !== end) throw overrun()
}

function overrun(): AppError {
  return new AppError('invalid', 'A message runs over its end.')
}

function addSeries(request: WriteRequest, reader: BinaryReader, end: number, isWanted: IsWanted): void {
  const labels = new Map<string, string>()
  const samples: TimeSeries['samples'] = []
  let isNamed = false
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST) {
      const [name, value] = readPair(reader, enter(reader, end))
      if (name === NAME) {
        isNamed = isWanted(value)
        // Labels are sorted, so the name comes first: most series of a scrape end here.
        if (!isNamed) {
          reader.pos = end
          break
        }
      }
      if (labels.size < LABEL_LIMIT) labels.set(name, value)
    } else if (tag === SECOND) samples.push(readSample(reader, enter(reader, end)))
    else {
      request.exemplars += tag === THIRD ? 1 : 0
      request.histograms += tag === FOURTH ? 1 : 0
      skip(reader, tag)
    }
  }
  leave(reader, end)
  keep(request, labels, samples, isNamed)
}

function readPair(reader: BinaryReader, end: number): [string, string] {
  let name = ''
  let value = ''
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST) name = reader.string()
    else if (tag === SECOND) value = reader.string()
    else skip(reader, tag)
  }
  leave(reader, end)
  return [name, value]
}

function addReferringSeries(
  request: WriteRequest,
  reader: BinaryReader,
  end: number,
  symbols: readonly string[],
  isWanted: IsWanted,
): void {
  const refs: number[] = []
  const samples: TimeSeries['samples'] = []
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST_NUMBER) refs.push(reader.uint32())
    else if (tag === FIRST) {
      const to = enter(reader, end)
      while (reader.pos < to) refs.push(reader.uint32())
    } else if (tag === SECOND) samples.push(readSample(reader, enter(reader, end)))
    else {
      request.histograms += tag === THIRD ? 1 : 0
      request.exemplars += tag === FOURTH ? 1 : 0
      skip(reader, tag)
    }
    if (refs.length > 2 * LABEL_LIMIT) throw new AppError('invalid', `A series has more than ${LABEL_LIMIT} labels.`)
  }
  leave(reader, end)
  const labels = new Map<string, string>()
  for (let index = 0; index + 1 < refs.length; index += 2) {
    const name = symbols[refs[index] ?? -1]
    const value = symbols[refs[index + 1] ?? -1]
    if (name === undefined || value === undefined) {
      throw new AppError('invalid', 'A series refers to a symbol that is not in the request.')
    }
    labels.set(name, value)
  }
  keep(request, labels, samples, isWanted(labels.get(NAME) ?? ''))
}

function keep(
  request: WriteRequest,
  labels: ReadonlyMap<string, string>,
  samples: TimeSeries['samples'],
  isWanted: boolean,
): void {
  if (isWanted) request.series.push({ name: labels.get(NAME) ?? '', labels, samples })
  else request.unwanted += 1
}

function readSample(reader: BinaryReader, end: number): { at: EpochMs; value: number } {
  let at = 0
  let value = 0
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === FIRST_DOUBLE) value = reader.double()
    else if (tag === SECOND_NUMBER) at = Number(reader.int64())
    else skip(reader, tag)
  }
  leave(reader, end)
  return { at, value }
}
