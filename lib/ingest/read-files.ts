import { setImmediate as nextTurn } from 'node:timers/promises'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createFileReader } from '@/lib/analysis/file-reader'
import { nameHost } from '@/lib/analysis/name-host'
import { type Member, openArchive } from '@/lib/archives/open'
import type { Claim } from '@/lib/db/queue'
import { dropMembers, readPieces, storePiece } from '@/lib/db/upload-bytes'
import { createPieces } from '@/lib/ingest/pieces'
import type { SourceHints } from '@/lib/source'

/** One file of an upload, understood. `member`: 0 for the upload itself, 1 and up for the files inside an archive. */
export interface ReadFile {
  member: number
  analysis: FileAnalysis
}

/**
 * Reads the bytes of an upload, piece by piece, and every file packed in them; the memory it takes does not grow with
 * the file. The text of packed files that tell something is kept, so that their lines can be shown.
 *
 * @throws AppError when the archive passes a limit; whatever `signal` was aborted with
 */
export async function readFiles(claim: Claim, signal: AbortSignal): Promise<ReadFile[]> {
  const { uploadId, hints } = claim
  await dropMembers(uploadId)
  const { container, members, warnings } = await openArchive(hints.name, readPieces(uploadId))
  const files: ReadFile[] = []
  let member = container === 'plain' ? 0 : 1
  for await (const file of members) {
    const analysis = await readMember({ claim, file, member, isInArchive: container === 'archive' }, signal)
    files.push({ member, analysis })
    member += 1
  }
  files[0]?.analysis.warnings.push(...warnings)
  return files
}

async function readMember(
  { claim, file, member, isInArchive }: { claim: Claim; file: Member; member: number; isInArchive: boolean },
  signal: AbortSignal,
): Promise<FileAnalysis> {
  const { uploadId, hints } = claim
  const memberHints: SourceHints = {
    ...hints,
    name: isInArchive ? `${hints.name}/${file.name}` : hints.name,
    modifiedAt: file.modifiedAt ?? hints.modifiedAt,
  }
  const reader = createFileReader(memberHints)
  const pieces = createPieces()
  for await (const bytes of file.bytes) {
    signal.throwIfAborted()
    reader.push(bytes)
    if (member > 0) {
      for (const piece of pieces.push(bytes)) await storePiece({ uploadId, member, ...piece }, piece.bytes)
    }
    // Lets the lease be extended and a signal to stop be heard between two pieces.
    await nextTurn()
  }
  const analysis = nameHost(reader.end(), file.host, 'the name of the sosreport')
  if (member > 0) {
    for (const piece of pieces.end()) await storePiece({ uploadId, member, ...piece }, piece.bytes)
    if (tellsNothing(analysis)) await dropMembers(uploadId, member)
  }
  return analysis
}

function tellsNothing({ account }: FileAnalysis): boolean {
  return account.recognised + account.suspicious === 0
}
