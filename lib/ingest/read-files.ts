import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { type Edges, edgesOf } from '@/lib/analysis/chapter'
import { createEnds } from '@/lib/analysis/ends'
import { createFileReader } from '@/lib/analysis/file-reader'
import { type ReadFile as HistoryFile, joinHistory } from '@/lib/analysis/history'
import { nameHost } from '@/lib/analysis/name-host'
import { type Member, type OpenedFile, openArchive } from '@/lib/archives/open'
import type { Claim } from '@/lib/db/queue'
import { dropMembers, readPieces, storePiece } from '@/lib/db/upload-bytes'
import { joinUpload } from '@/lib/ingest/join-uploads'
import { createPieces } from '@/lib/ingest/pieces'
import type { SourceHints } from '@/lib/source'

/** One file of an upload, understood. `member`: 0 for the upload itself, 1 and up for the files inside an archive. */
export interface ReadFile {
  member: number
  analysis: FileAnalysis
  /** Where rotation may have cut it, before it was joined with others. */
  edges: Edges
}

/**
 * Reads the bytes of an upload, piece by piece, and every file packed in them; the memory it takes does not grow with
 * the file. The text of packed files that tell something is kept, so that their lines can be shown.
 *
 * @throws AppError when the archive passes a limit; whatever `signal` was aborted with
 */
export async function readFiles(claim: Claim, signal: AbortSignal): Promise<ReadFile[]> {
  await dropMembers(claim.uploadId)
  return readOpened(claim, await openArchive(claim.hints.name, readPieces(claim.uploadId)), signal)
}

/**
 * The same for an upload whose bytes still arrive. Null when it is packed: what is unpacked has to be stored, and that is
 * for a reader who holds the upload.
 *
 * @param pieces its bytes; `claim` is that of a reader who holds it from their end on
 */
export async function readArriving(
  claim: Claim,
  pieces: AsyncGenerator<Uint8Array>,
  signal: AbortSignal,
): Promise<ReadFile[] | null> {
  const opened = await openArchive(claim.hints.name, pieces)
  if (opened.container === 'plain') return readOpened(claim, opened, signal)
  await pieces.return(undefined)
  return null
}

async function readOpened(
  claim: Claim,
  { container, members, warnings }: OpenedFile,
  signal: AbortSignal,
): Promise<ReadFile[]> {
  const { hints } = claim
  const files: HistoryFile[] = []
  const first = container === 'plain' ? 0 : 1
  let member = first
  for await (const file of members) {
    files.push(await readMember({ claim, file, member, isInArchive: container === 'archive' }, signal))
    member += 1
  }
  files[0]?.analysis.warnings.push(...warnings)
  const edges = files.map(({ analysis }) => edgesOf(analysis))
  const [only] = files
  const analyses = only && container === 'plain' ? [await joinUpload(claim, only)] : joinHistory(files, hints.zone)
  return analyses.map((analysis, index) => ({
    member: first + index,
    analysis,
    edges: edges[index] ?? edgesOf(analysis),
  }))
}

async function readMember(
  { claim, file, member, isInArchive }: { claim: Claim; file: Member; member: number; isInArchive: boolean },
  signal: AbortSignal,
): Promise<HistoryFile> {
  const { uploadId, hints } = claim
  // A plain file has the upload's own hints, one of which may be filled in while it is read.
  const memberHints: SourceHints =
    member === 0
      ? hints
      : {
          ...hints,
          name: isInArchive ? `${hints.name}/${file.name}` : hints.name,
          modifiedAt: file.modifiedAt ?? hints.modifiedAt,
        }
  const reader = createFileReader(memberHints)
  const pieces = createPieces()
  const ends = createEnds()
  for await (const bytes of file.bytes) {
    signal.throwIfAborted()
    ends.push(bytes)
    reader.push(bytes)
    if (member > 0) {
      for (const piece of pieces.push(bytes)) await storePiece({ uploadId, member, ...piece }, piece.bytes)
    }
    // Lets the lease be extended and a signal to stop be heard between two pieces.
    await nextTurn()
  }
  const named = (told: FileAnalysis) => nameHost(told, file.host, 'the name of the sosreport')
  const analysis = named(reader.end())
  if (member > 0) {
    for (const piece of pieces.end()) await storePiece({ uploadId, member, ...piece }, piece.bytes)
    if (tellsNothing(analysis)) await dropMembers(uploadId, member)
  }
  return { analysis, ends, redate: (year) => named(reader.redate(year)) }
}

function tellsNothing({ account }: FileAnalysis): boolean {
  return account.recognised + account.suspicious === 0
}
