import type { FileAnalysis } from '@/lib/analysis/analysis'
import { type ExplainedIncident, explainFile } from '@/lib/analysis/explain-file'
import type { LineRange } from '@/lib/logs/source'
import type { Kill } from '@/lib/oom/report'
import { sayMessage, sayTitle } from '@/lib/text/say'
import { type EpochMs, formatBytes, formatCount, formatDuration, formatKib, kibToBytes } from '@/lib/units'

/** What a person at a terminal reads: incidents first, then what was assumed and what became of the lines. */
export function analysisText(files: readonly FileAnalysis[]): string {
  return files.map(fileText).join('\n')
}

// Text from a log may hold anything, and a terminal obeys control characters.
function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '\ufffd')
}

function fileText(file: FileAnalysis): string {
  const title = `${plain(file.name)}${file.host === null ? '' : ` (host ${plain(file.host)})`}`
  const incidents = explainFile(file)
  const parts = [
    `${title}\n${'─'.repeat(Math.min(title.length, 80))}`,
    ...incidents.map((incident) => incidentText(incident, file.name)),
    ...(incidents.length === 0 ? [nothingText(file)] : []),
    ...samplesText(file),
    ...file.assumed.map((assumed) => {
      const doubt = assumed.isEvidenced ? '' : ' Nothing in the text supports it.'
      return `Assumed ${assumed.what} ${plain(assumed.value)}: ${plain(assumed.why)}.${doubt}`
    }),
    ...file.warnings.slice(0, 10).map((warning) => `Warning, line ${warning.line}: ${plain(warning.detail)}`),
    accountText(file),
  ]
  return `${parts.join('\n\n')}\n`
}

const COLUMNS = 100

/** Breaks a sentence at blanks; no-break spaces keep a number with its unit. */
function wrap(text: string, indent: string): string[] {
  const lines: string[] = []
  let line = indent
  for (const word of text.split(' ')) {
    if (line.length + word.length + 1 > COLUMNS && line.trim() !== '') {
      lines.push(line)
      line = indent
    }
    line += line === indent ? word : ` ${word}`
  }
  return [...lines, line]
}

function incidentText({ facts, explanation }: ExplainedIncident, name: string): string {
  const span =
    facts.from !== null && facts.to !== null && facts.to > facts.from
      ? `, over ${formatDuration(facts.to - facts.from)}`
      : ''
  return [
    plain(sayTitle(explanation.title)),
    `  ${timeText(facts.from)}${span}`,
    ...explanation.findings.slice(0, 5).map((finding) => {
      const lines = finding.evidence.map((range) => lineText(range, name)).slice(0, 3)
      const where = lines.length === 0 ? '' : `  [line ${plain(lines.join(', '))}]`
      const detail = finding.detail ? wrap(plain(sayMessage(finding.detail)), '    ') : []
      return [`  • ${plain(sayMessage(finding.headline))}${where}`, ...detail].join('\n')
    }),
    ...facts.kills.slice(0, 20).map((kill) => `  ${killText(kill)}`),
    ...(facts.kills.length > 20 ? [`  … and ${formatCount(facts.kills.length - 20)} more kills`] : []),
  ].join('\n')
}

/** A line of another file, in which a report begins or ends, is told with its name. */
function lineText({ source, from, to }: LineRange, name: string): string {
  const lines = from === to ? `${from}` : `${from}–${to}`
  return source === name ? lines : `${lines} of ${source}`
}

function killText(kill: Kill): string {
  const who = kill.comm ?? kill.cgroup ?? 'a process without a name'
  const pid = kill.pid === null ? '' : ` ${kill.pid}`
  const rss =
    kill.anonRssKib === null
      ? ''
      : `, ${formatBytes(kibToBytes(kill.anonRssKib))} anonymous memory (${formatKib(kill.anonRssKib)})`
  const by = kill.by === 'kernel' ? '' : ` by ${kill.by}`
  return plain(
    `✕ ${kill.stamp.text ?? timeText(kill.stamp.at)}  ${who}${pid} killed${by}${rss}  [line ${kill.lines.to}]`,
  )
}

function timeText(at: EpochMs | null): string {
  return at === null
    ? 'time unknown'
    : new Date(at)
        .toISOString()
        .replace('T', ' ')
        .replace(/\.\d+Z$/, ' UTC')
}

function nothingText(file: FileAnalysis): string {
  if (file.account.lines === 0 && file.kind === 'unknown') return 'There is nothing in this file.'
  if (file.kind === 'unsupported-binary') return 'A binary file that only its own tool can read.'
  if (file.samples.length + file.undated.length > 0 || file.processes) return 'No kill in this file.'
  if (file.kind === 'unknown') return 'This is not a log or statistics file that oomscope knows.'
  if (file.joined.length > 0) return plain(`Its last report goes on in ${file.joined.join(', ')} and is told there.`)
  return 'No memory trouble found.'
}

function samplesText(file: FileAnalysis): string[] {
  const count = file.samples.length + file.undated.length
  if (count === 0) return []
  const from = file.samples[0]?.at ?? null
  const to = file.samples.at(-1)?.at ?? null
  return [
    `${formatCount(count)} ${count === 1 ? 'sample' : 'samples'} of memory${from === null ? '' : `, ${timeText(from)} to ${timeText(to)}`}`,
  ]
}

function accountText(file: FileAnalysis): string {
  const { lines, recognised, context, suspicious } = file.account
  const shapes = file.shapes.slice(0, 5).map((shape) => `\n  ${formatCount(shape.count)} × ${plain(shape.shape)}`)
  const doubt = suspicious === 0 ? '' : `; ${formatCount(suspicious)} look like memory trouble and were not understood:`
  return `${formatCount(lines)} lines (${file.envelope ?? 'no known format'}): ${formatCount(recognised)} understood, ${formatCount(context)} beside them${doubt}${shapes.join('')}`
}
