import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import { AppError } from '@/lib/errors'

/** A field of a message: `bytes` for length-delimited ones, `value` for numbers (64-bit ones as bigint). */
export type Field =
  | { number: number; kind: 'bytes'; bytes: Uint8Array }
  | { number: number; kind: 'varint'; value: bigint }
  | { number: number; kind: 'fixed64'; bytes: Uint8Array }
  | { number: number; kind: 'fixed32'; bytes: Uint8Array }

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * The fields of one protobuf message in their order; groups are passed over. Sub-messages are views of the same bytes:
 * a length that lies allocates nothing.
 *
 * @throws AppError 'invalid' where the encoding is broken or cut
 */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) {
    const field = readField(reader)
    if (field) yield field
  }
}

function readField(reader: BinaryReader): Field | null {
  try {
    const [number, type] = reader.tag()
    switch (type) {
      case WireType.LengthDelimited:
        return { number, kind: 'bytes', bytes: reader.bytes() }
      case WireType.Varint:
        return { number, kind: 'varint', value: BigInt(reader.int64()) }
      case WireType.Bit64:
        return { number, kind: 'fixed64', bytes: reader.skip(type) }
      case WireType.Bit32:
        return { number, kind: 'fixed32', bytes: reader.skip(type) }
      default:
        reader.skip(type, number, 20)
        return null
    }
  } catch (error) {
    throw new AppError('invalid', `The body is not the protobuf message expected here: ${reasonOf(error)}.`)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : 'it is broken'
}

/** Text of a string field; invalid UTF-8 becomes U+FFFD. Empty for fields of other kinds. */
export function textOf(field: Field): string {
  return field.kind === 'bytes' ? utf8.decode(field.bytes) : ''
}

/** A sub-message. @throws AppError 'invalid' when the field is of another kind */
export function messageOf(field: Field): Uint8Array {
  if (field.kind !== 'bytes') throw new AppError('invalid', `Field ${field.number} is not a message.`)
  return field.bytes
}

/** A whole number of any integer encoding but zigzag; 0 for fields of other kinds. */
export function integerOf(field: Field): bigint {
  if (field.kind === 'varint') return field.value
  if (field.kind === 'fixed64') return viewOf(field.bytes).getBigInt64(0, true)
  return field.kind === 'fixed32' ? BigInt(viewOf(field.bytes).getInt32(0, true)) : 0n
}

/** A `double` or `float`; NaN for fields of other kinds. */
export function doubleOf(field: Field): number {
  if (field.kind === 'fixed64') return viewOf(field.bytes).getFloat64(0, true)
  return field.kind === 'fixed32' ? viewOf(field.bytes).getFloat32(0, true) : Number.NaN
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
