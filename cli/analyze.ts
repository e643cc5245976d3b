import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { analysisText } from '@/cli/analysis-text'
import { type Command, UsageError } from '@/cli/command'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createEnds } from '@/lib/analysis/ends'
import { createFileReader } from '@/lib/analysis/file-reader'
import { joinHistory, type ReadFile } from '@/lib/analysis/history'
import { nameHost } from '@/lib/analysis/name-host'
import { toAnalysisJson } from '@/lib/analysis/to-json'
import { openArchive } from '@/lib/archives/open'
import { AppError } from '@/lib/errors'
import { isZone } from '@/lib/logs/printed-time'
import type { SourceHints } from '@/lib/source'

const CHUNK_BYTES = 1 << 20

export const analyze: Command = {
  name: 'analyze',
  usage: "analyze FILE… [--json] [--host H] [--tz ZONE] [--year Y]      '-' is standard input",
  summary: 'Say what logs and memory statistics tell, without a server or a database.',
  run,
}

async function run(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      host: { type: 'string' },
      tz: { type: 'string' },
      year: { type: 'string' },
    },
  })
  if (positionals.length === 0) throw new UsageError('Name a file, or - for standard input.')
  const hints = readHints(values)
  const read: ReadFile[] = []
  let code = 0
  for (const name of positionals) {
    try {
      read.push(...(await readFile(name, hints)))
    } catch (error) {
      if (!isFileError(error) && !(error instanceof AppError)) throw error
      const problem = error instanceof AppError ? `${name}: ${error.detail}` : fileProblem(error, name)
      process.stderr.write(`oomscope analyze: ${problem}\n`)
      code = 1
    }
  }
  const files = joinHistory(read, hints.zone)
  const text = values.json ? `${JSON.stringify(toAnalysisJson(files), null, 2)}\n` : analysisText(files)
  await write(text)
  return code
}

type Told = Pick<SourceHints, 'host' | 'zone' | 'year'>

function readHints(values: { host?: string; tz?: string; year?: string }): Told {
  if (values.tz !== undefined && !isZone(values.tz)) {
    throw new UsageError(`${JSON.stringify(values.tz)} is not a time zone; name one like Europe/Berlin or UTC.`)
  }
  const year = values.year === undefined ? null : Number(values.year)
  if (year !== null && !(Number.isInteger(year) && year >= 1991 && year <= 9999)) {
    throw new UsageError(`${JSON.stringify(values.year)} is not a year.`)
  }
  return { host: values.host ?? null, zone: values.tz ?? null, year }
}

async function readFile(name: string, told: Told): Promise<ReadFile[]> {
  const isInput = name === '-'
  // What comes through a pipe was written just now; a file may be old, and says when it was last changed.
  const modifiedAt = isInput ? null : (await stat(name)).mtimeMs
  const stream: AsyncIterable<Buffer> = isInput ? process.stdin : createReadStream(name, { highWaterMark: CHUNK_BYTES })
  const shown = isInput ? 'standard input' : name
  const { container, members, warnings } = await openArchive(shown, stream)
  const files: ReadFile[] = []
  for await (const member of members) {
    const reader = createFileReader({
      ...told,
      name: container === 'archive' ? `${shown}/${member.name}` : shown,
      modifiedAt: member.modifiedAt ?? modifiedAt,
      receivedAt: isInput ? Date.now() : null,
    })
    const ends = createEnds()
    for await (const chunk of member.bytes) {
      ends.push(chunk)
      reader.push(chunk)
    }
    const named = (analysis: FileAnalysis) => nameHost(analysis, member.host, 'the name of the sosreport')
    files.push({ analysis: named(reader.end()), ends, redate: (year) => named(reader.redate(year)) })
  }
  files[0]?.analysis.warnings.push(...warnings)
  return files
}

/** Waits until everything is handed over: leaving earlier would cut a pipe. */
function write(text: string): Promise<void> {
  return new Promise((resolve) => {
    process.stdout.write(text, () => resolve())
  })
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)
}

const PROBLEMS: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'this is a folder; name the files in it',
  EACCES: 'you may not read this file',
}

function fileProblem(error: NodeJS.ErrnoException, name: string): string {
  return `${name}: ${PROBLEMS[error.code ?? ''] ?? error.message}`
}
