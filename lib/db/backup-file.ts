import { open, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { type Readable, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { AppError } from '@/lib/errors'
import type { Bytes } from '@/lib/units'

// A backup is gzip around frames: one byte for the kind, four for the length, then that many bytes.
// A `heading` first; for each table a `table`, its rows as PostgreSQL's binary COPY in pieces, and its `sum`; an `end`.

export const BACKUP_FORMAT = 'oomscope.backup/1'

const JSON_FRAME = 0x4a
const ROWS_FRAME = 0x44
const LONGEST_FRAME: Bytes = 64 * 1024 ** 2
const HEAD = 5

export interface BackupHeading {
  format: typeof BACKUP_FORMAT
  /** Migrations of the database, ascending, each with the checksum of its file. */
  migrations: { name: string; checksum: string }[]
  /** `bound` as PostgreSQL prints it, `storage` as in "fillfactor=85". */
  partitions: { parent: string; name: string; bound: string; storage: string[] }[]
}

export interface BackupTable {
  table: string
  columns: string[]
}

export interface BackupSum {
  rows: number
  bytes: Bytes
  /** Of the rows as PostgreSQL wrote them, hexadecimal. */
  sha256: string
}

export type Frame = { json: unknown; rows: null } | { json: null; rows: Buffer }

export function jsonFrame(value: unknown): Buffer {
  return frame(JSON_FRAME, Buffer.from(JSON.stringify(value)))
}

export function rowsFrame(bytes: Buffer): Buffer {
  return frame(ROWS_FRAME, bytes)
}

function frame(kind: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(HEAD)
  head.writeUInt8(kind, 0)
  head.writeUInt32BE(payload.length, 1)
  return Buffer.concat([head, payload])
}

/** The frames of an unzipped backup, in order. @throws AppError 'unreadable' when it is no backup, or cut off */
export async function* readFrames(bytes: AsyncIterable<Buffer>): AsyncGenerator<Frame> {
  let parts: Buffer[] = []
  let size = 0
  let wanted = HEAD
  let kind: number | null = null
  for await (const part of bytes) {
    parts.push(part)
    size += part.length
    while (size >= wanted) {
      const all = parts.length > 1 || !parts[0] ? Buffer.concat(parts) : parts[0]
      const taken = all.subarray(0, wanted)
      parts = [all.subarray(wanted)]
      size -= wanted
      if (kind === null) {
        kind = taken.readUInt8(0)
        wanted = taken.readUInt32BE(1)
        if ((kind !== JSON_FRAME && kind !== ROWS_FRAME) || wanted > LONGEST_FRAME) throw notABackup()
      } else {
        yield kind === JSON_FRAME ? { json: parsed(taken), rows: null } : { json: null, rows: taken }
        kind = null
        wanted = HEAD
      }
    }
  }
  if (size > 0 || kind !== null) throw new AppError('unreadable', 'The backup ends in the middle; it is not whole.')
}

function parsed(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    throw notABackup()
  }
}

export function notABackup(): AppError {
  return new AppError('unreadable', 'This file is not a backup that oomscope made.')
}

/**
 * Writes a file, zipped, under a name of its own and gives it its own only when every byte is on the disk: whatever
 * happens before, what stood there stays. Readable by its owner alone.
 */
export async function writeWhole(file: string, bytes: Readable): Promise<void> {
  await removeUnfinished(file)
  const draft = join(dirname(file), `.${basename(file)}.${process.pid}.part`)
  const handle = await open(draft, 'w', 0o600)
  try {
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        handle.writeFile(chunk).then(() => done(), done)
      },
    })
    await pipeline(bytes, createGzip({ level: 1 }), sink)
    await handle.sync()
    await handle.close()
    await rename(draft, file)
    await syncFolder(dirname(file))
  } catch (error) {
    await handle.close().catch(() => {})
    await rm(draft, { force: true })
    throw error
  }
}

/** Drafts of this file whose process was killed. */
async function removeUnfinished(file: string): Promise<void> {
  const prefix = `.${basename(file)}.`
  for (const name of await readdir(dirname(file))) {
    const pid = /^(\d+)\.part$/.exec(name.startsWith(prefix) ? name.slice(prefix.length) : '')?.[1]
    if (pid !== undefined && !isRunning(Number(pid))) await rm(join(dirname(file), name), { force: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A new name is on the disk only with its folder. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
