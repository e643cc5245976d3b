import { ARCHIVE_LIMITS, type ArchiveLimits, createBudget } from '@/lib/archives/budget'
import { type ByteReader, createByteReader } from '@/lib/archives/byte-reader'
import { decompress } from '@/lib/archives/decompress'
import { DETECT_BYTES, detectContainer, isCompression } from '@/lib/archives/detect'
import { baseName, isLinkInside, safeEntryName, withoutSuffix } from '@/lib/archives/entry-name'
import { hostOfSosreport, isWorthReading } from '@/lib/archives/sosreport'
import { readTar } from '@/lib/archives/tar'
import { readZip } from '@/lib/archives/zip'
import { AppError } from '@/lib/errors'
import type { Warning } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

/** One file inside another. */
export interface Member {
  /** Path inside the archive, fit for showing. Never to be used as a path of this machine. */
  name: string
  modifiedAt: EpochMs | null
  /** The host that the archive says it is of (the top folder of a sosreport); null otherwise. */
  host: string | null
  /** Unpacked. Read it (or not) before asking for the next member: what is left of it is skipped then. */
  bytes: AsyncIterable<Uint8Array>
}

export interface OpenedFile {
  /** `plain`: the bytes as they came; `compressed`: one file packed alone; `archive`: any number of files. */
  container: 'plain' | 'compressed' | 'archive'
  /** To be read once, in order. @throws AppError 'too-large' while reading, when a limit is passed */
  members: AsyncGenerator<Member>
  /** What was refused, cut or left out; complete when `members` is at its end. Lines are 0. */
  warnings: Warning[]
}

const MOST_HEADERS = 100_000

/**
 * Opens any file as a stream of the files in it: gz, bz2, xz, zst, zip, tar and tar of these, told by content. A file that
 * is packed in nothing is its own only member, so every file can be read through here. Nothing is written anywhere and
 * nothing is held in memory but a few pieces. One layer: members may be compressed once, an archive in an archive is left
 * out with a warning.
 *
 * @param name for the only member of a `plain` or `compressed` file, and in warnings
 * @param source bytes of a file, a body or standard input
 * @throws AppError 'too-large' when a limit is passed before the first member
 */
export async function openArchive(
  name: string,
  source: AsyncIterable<Uint8Array>,
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<OpenedFile> {
  const warnings: Warning[] = []
  const budget = createBudget(limits)
  const warn = (code: string, detail: string) => {
    if (warnings.length < 200) warnings.push({ line: 0, code, detail })
  }
  const onCut = (reason = 'its packed data stops') =>
    warn('cut-archive', `${name} is cut or damaged (${reason}); what stands before that was read.`)

  const outer = createByteReader(source)
  const head = await outer.peek(DETECT_BYTES)
  const packing = detectContainer(head)
  if (packing === null) return { container: 'plain', members: only(name, null, outer), warnings }
  if (packing === 'tar') return { container: 'archive', members: tarMembers(outer), warnings }
  if (packing === 'zip') return { container: 'archive', members: zipMembers(outer.rest()), warnings }

  const inner = createByteReader(decompress(packing, outer.rest(), budget, onCut))
  const innerPacking = detectContainer(await inner.peek(DETECT_BYTES))
  if (innerPacking === 'tar') return { container: 'archive', members: tarMembers(inner), warnings }
  if (innerPacking !== null)
    warn('nested-archive', `${name} holds another packed file (${innerPacking}), which was not unpacked.`)
  const { innerName, modifiedAt } = packing === 'gz' ? gzipFacts(head) : { innerName: null, modifiedAt: null }
  return {
    container: 'compressed',
    members: only(innerName ?? withoutSuffix(baseName(name)), modifiedAt, inner),
    warnings,
  }

  async function* only(memberName: string, modifiedAt: EpochMs | null, reader: ByteReader): AsyncGenerator<Member> {
    yield { name: memberName, modifiedAt, host: null, bytes: reader.rest() }
    await reader.close()
  }

  async function* tarMembers(reader: ByteReader): AsyncGenerator<Member> {
    let headers = 0
    let leftOut = 0
    try {
      for await (const { entry, content } of readTar(reader, onCut)) {
        headers += 1
        if (headers > MOST_HEADERS)
          throw new AppError('too-large', `This archive has more than ${MOST_HEADERS} entries.`)
        if (entry.kind === 'directory') continue
        const path = acceptedName(entry.name)
        if (path === null) continue
        if (entry.kind === 'link') {
          if (!isLinkInside(path, entry.linkTarget))
            warn('refused-entry', `${path}: a link out of the archive; not followed.`)
        } else if (entry.kind === 'other') warn('refused-entry', `${path}: a device or another special file; not read.`)
        else if (!isWorthReading(path)) leftOut += 1
        else yield* member(path, entry.modifiedAt, counted(content, packing !== 'tar'))
      }
    } finally {
      await reader.close()
    }
    if (leftOut > 0) warn('left-out', `${leftOut} files of this sosreport say nothing about memory and were left out.`)
  }

  /** Bytes of a tar that was compressed were counted when they were unpacked. */
  async function* counted(content: AsyncIterable<Uint8Array>, isCounted: boolean): AsyncGenerator<Uint8Array> {
    for await (const piece of content) {
      if (!isCounted) budget.spend(piece.length)
      yield piece
    }
  }

  async function* zipMembers(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
    const onProblem = (entry: string, reason: string) =>
      warn('unreadable-entry', `${safeEntryName(entry) ?? 'An entry'} could not be unpacked (${reason}).`)
    for await (const { name: raw, content } of readZip(bytes, budget, onProblem, onCut)) {
      const path = acceptedName(raw)
      // What macOS adds beside each file.
      if (path === null || path.startsWith('__MACOSX/')) continue
      if (isWorthReading(path)) yield* member(path, null, content)
    }
  }

  function acceptedName(raw: string): string | null {
    const path = safeEntryName(raw)
    if (path === null)
      warn('refused-entry', `An entry named ${JSON.stringify(raw.slice(0, 100))} points out of the archive; not read.`)
    return path
  }

  /** One file of an archive, unpacked once more when it is compressed. */
  async function* member(
    path: string,
    modifiedAt: EpochMs | null,
    content: AsyncIterable<Uint8Array>,
  ): AsyncGenerator<Member> {
    budget.countEntry()
    const host = hostOfSosreport(path)
    const reader = createByteReader(content)
    const inside = detectContainer(await reader.peek(DETECT_BYTES))
    if (inside === null) {
      yield { name: path, modifiedAt, host, bytes: reader.rest() }
      return
    }
    if (!isCompression(inside)) {
      warn(
        'nested-archive',
        `${path} is an archive in an archive (${inside}); it was left out. Send it as a file of its own.`,
      )
      return
    }
    const onMemberCut = () => warn('cut-archive', `${path} is cut or damaged; what stands before that was read.`)
    const unpacked = createByteReader(decompress(inside, reader.rest(), budget, onMemberCut))
    const innermost = detectContainer(await unpacked.peek(DETECT_BYTES))
    if (innermost === null) yield { name: path, modifiedAt, host, bytes: unpacked.rest() }
    else
      warn(
        'nested-archive',
        `${path} holds another packed file (${innermost}); it was left out. Send it as a file of its own.`,
      )
    await unpacked.close()
  }
}

/** Original name and time from a gzip header. RFC 1952, 2.3. */
function gzipFacts(head: Uint8Array): { innerName: string | null; modifiedAt: EpochMs | null } {
  const [flags = 0] = head.subarray(3, 4)
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength)
  const seconds = head.length >= 8 ? view.getUint32(4, true) : 0
  let start = 10
  if ((flags & 4) !== 0 && head.length > 12) start += 2 + view.getUint16(10, true)
  const end = head.indexOf(0, start)
  const raw = (flags & 8) !== 0 && end > start ? Buffer.from(head.subarray(start, end)).toString('latin1') : null
  return {
    innerName: raw === null ? null : safeEntryName(baseName(raw)),
    modifiedAt: seconds > 0 ? seconds * 1000 : null,
  }
}
