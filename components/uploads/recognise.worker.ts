import { createFileReader } from '@/lib/analysis/file-reader'
import { type Preview, toPreview } from '@/lib/analysis/preview'

/** One file to look through. `receivedAt` is the clock of the page: the parser has none of its own. */
export interface Recognise {
  id: number
  file: Blob
  name: string
  modifiedAt: number | null
  receivedAt: number
}

export type Recognised =
  | { id: number; state: 'recognised'; preview: Preview }
  | { id: number; state: 'packed' | 'failed' }

const GZIP = [0x1f, 0x8b]
/** Starts of what only the server unpacks: zip, xz, bzip2, zstd. */
const PACKED = [
  [0x50, 0x4b, 0x03, 0x04],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a],
  [0x42, 0x5a, 0x68],
  [0x28, 0xb5, 0x2f, 0xfd],
]
const TAR_MAGIC_AT = 257

self.addEventListener('message', (event: MessageEvent<Recognise>) => {
  void recognise(event.data).then((answer) => self.postMessage(answer))
})

/** The server's own parser, over a stream: a large file is never held as a whole. */
async function recognise({ id, file, name, modifiedAt, receivedAt }: Recognise): Promise<Recognised> {
  try {
    const head = new Uint8Array(await file.slice(0, 512).arrayBuffer())
    if (isPacked(head)) return { id, state: 'packed' }
    const reader = createFileReader({ name, host: null, zone: null, year: null, modifiedAt, receivedAt })
    const bytes = startsWith(head, GZIP) ? file.stream().pipeThrough(new DecompressionStream('gzip')) : file.stream()
    const source = bytes.getReader()
    let isFirst = true
    for (;;) {
      const { value, done } = await source.read()
      if (done) break
      if (isFirst && isTar(value)) return { id, state: 'packed' }
      isFirst = false
      reader.push(value)
    }
    return { id, state: 'recognised', preview: toPreview(reader.end()) }
  } catch {
    return { id, state: 'failed' }
  }
}

function isPacked(head: Uint8Array): boolean {
  return isTar(head) || PACKED.some((magic) => startsWith(head, magic))
}

function isTar(bytes: Uint8Array): boolean {
  return String.fromCharCode(...bytes.subarray(TAR_MAGIC_AT, TAR_MAGIC_AT + 5)) === 'ustar'
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
