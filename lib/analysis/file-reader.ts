import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createLogReader, type LogReader } from '@/lib/analysis/reader'
import { evidenceOf } from '@/lib/analysis/tool-evidence'
import { createLineSplitter, latin1 } from '@/lib/logs/text'
import { recogniseBinary } from '@/lib/metrics/formats/binary'
import type { MetricsFormat, MetricsReading } from '@/lib/metrics/formats/reading'
import { readMetrics, recogniseMetrics } from '@/lib/metrics/formats/registry'
import { largestMoment } from '@/lib/metrics/process'
import type { LogEvent } from '@/lib/oom/report'
import type { SourceHints } from '@/lib/source'

/** Enough to tell a tool's output from a log. */
const HEAD_BYTES = 16_384
/** A tool's file is read as one text; a larger one is refused with a warning. */
const MAX_METRICS_BYTES = 256 * 1024 * 1024

/**
 * Reads one file of any kind in chunks of any size: a log, or the output of a memory tool, told apart by content.
 * Pure: the same bytes and hints give the same answer in a browser, a worker or a terminal.
 */
export function createFileReader(hints: SourceHints): LogReader {
  let head: Uint8Array[] = []
  let headBytes = 0
  let reader: LogReader | null = null

  function decide(): LogReader {
    const bytes = join(head, headBytes)
    const binary = recogniseBinary(bytes, hints)
    const format = binary ? null : recogniseMetrics(decodeHead(bytes))
    const chosen = binary
      ? createClosedReader(binary, hints)
      : format
        ? createMetricsReader(format, hints)
        : createLogReader(hints)
    chosen.push(bytes)
    head = []
    return chosen
  }

  return {
    push(bytes) {
      if (reader) {
        reader.push(bytes)
        return
      }
      head.push(bytes.slice())
      headBytes += bytes.length
      if (headBytes >= HEAD_BYTES) reader = decide()
    },
    end() {
      reader ??= decide()
      return reader.end()
    },
    redate(history) {
      reader ??= decide()
      return reader.redate(history)
    },
  }
}

/** Reads a whole text at once. */
export function analyzeText(text: string, hints: SourceHints): FileAnalysis {
  const reader = createFileReader(hints)
  reader.push(new TextEncoder().encode(text))
  return reader.end()
}

/** For bytes that only their own tool can read: nothing more is looked at. */
function createClosedReader(reading: MetricsReading, hints: SourceHints): LogReader {
  const end = () => toAnalysis(reading, hints)
  return { push() {}, end, redate: end }
}

function createMetricsReader(format: MetricsFormat, hints: SourceHints): LogReader {
  const blocks: string[] = []
  let bytesSeen = 0
  const splitter = createLineSplitter((text) => blocks.push(text))
  let finished: FileAnalysis | null = null

  function finish(): FileAnalysis {
    const analysis = readTool(format, blocks.join(''), hints)
    if (bytesSeen > MAX_METRICS_BYTES) {
      analysis.warnings.push({
        line: 0,
        code: 'too-large',
        detail: `Only the first ${MAX_METRICS_BYTES} bytes of ${bytesSeen} were read.`,
      })
    }
    return analysis
  }

  return {
    push(bytes) {
      bytesSeen += bytes.length
      if (bytesSeen <= MAX_METRICS_BYTES) splitter.push(bytes)
    },
    end() {
      splitter.end()
      finished = finish()
      return finished
    },
    // A tool prints the year itself, or its file has no dates at all.
    redate: () => finished ?? finish(),
  }
}

function readTool(format: MetricsFormat, text: string, hints: SourceHints): FileAnalysis {
  const reading = readMetrics(format, text, hints)
  const analysis = toAnalysis(reading, hints)
  return { ...analysis, events: [...analysis.events, ...evidenceOf(reading, text, hints)] }
}

function toAnalysis(reading: MetricsReading, hints: SourceHints): FileAnalysis {
  const events = reading.boots.map(
    (boot): LogEvent => ({
      kind: 'boot',
      stamp: { text: boot.text, at: boot.at, uptimeSeconds: null },
      host: reading.host,
      lines: { source: hints.name, from: boot.line, to: boot.line },
      message: boot.text,
      severity: 'info',
      detail: {},
    }),
  )
  const recognised = Math.min(reading.recognisedLines, reading.lines)
  return {
    name: hints.name,
    kind: reading.kind,
    envelope: reading.format,
    account: {
      lines: reading.lines,
      recognised,
      context: 0,
      ignored: reading.lines - recognised,
      suspicious: 0,
    },
    host: hints.host ?? reading.host,
    hosts: reading.hosts,
    kernel: reading.kernel,
    from: reading.from,
    to: reading.to,
    assumed: reading.assumed,
    reports: [],
    kills: [],
    events,
    samples: reading.samples,
    undated: reading.undated,
    processes: largestMoment(reading.processes),
    processHistory: reading.processes,
    openFiles: reading.openFiles,
    cgroup: reading.cgroup,
    shapes: [],
    joined: [],
    strip: recognised > 0 ? ['recognised'] : [],
    warnings: reading.warnings,
  }
}

function join(parts: Uint8Array[], size: number): Uint8Array {
  const whole = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

/** The first bytes as text; the last line is left out where it may be cut. */
function decodeHead(bytes: Uint8Array): string {
  const part = bytes.subarray(0, HEAD_BYTES)
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(part, { stream: true })
  } catch {
    return latin1(part)
  }
}
