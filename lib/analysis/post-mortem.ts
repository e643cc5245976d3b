import type { ShareSnapshot } from '@/lib/analysis/share'
import { buildTimeline } from '@/lib/incidents/timeline'
import { hiddenWords } from '@/lib/text/hidden-words'
import type { Message } from '@/lib/text/message'
import { sayMessage, sayTitle } from '@/lib/text/say'
import { visibleText } from '@/lib/text/visible'
import type { EpochMs } from '@/lib/units'

/** Raw lines quoted of one source at most; the JSON file has them all. */
const MOST_LINES = 120

/** An incident as a post-mortem in Markdown: what happened, why, when, and the lines it rests on. Times are UTC. */
export function postMortem({ incident, notes, samples, lines, frozenAt, redaction }: ShareSnapshot): string {
  const entries = buildTimeline(incident, notes, { samples, findings: incident.findings })
  const hidden = hiddenWords(redaction ?? {})
  const facts: [string, string][] = [
    ['Cause', `${say({ key: `class.${incident.class}`, params: {} })}, confidence ${incident.confidence}`],
    ['Host', escaped(incident.hostname)],
    ['Kernel', incident.kernel === null ? 'not stated' : escaped(incident.kernel)],
    ['From', timeOf(incident.from)],
    ['To', timeOf(incident.to)],
    ...incident.assumptions.map(({ what, value, why }): [string, string] => [
      `Assumed ${what}`,
      `${escaped(value)} (${escaped(why)})`,
    ]),
  ]
  return [
    `# ${escaped(sayTitle(incident.title))}`,
    `Frozen ${timeOf(frozenAt)} by oomscope.${hidden === null ? '' : ` ${hidden}.`}`,
    facts.map(([name, value]) => `- ${name}: ${value}`).join('\n'),
    '## Why',
    incident.findings
      .map(({ headline, detail }) => `1. **${say(headline)}**${detail ? ` ${say(detail)}` : ''}`)
      .join('\n'),
    '## Timeline',
    entries
      .map(({ at, sentence, detail }) => `- ${timeOf(at)}: ${[sentence, detail].flatMap(sentenceOf).join(' ')}`)
      .join('\n'),
    '## Raw lines',
    ...Object.values(lines).map(quoted),
    '',
  ].join('\n\n')
}

function say(message: Message): string {
  return escaped(sayMessage(message))
}

/** With its full stop; nothing for a detail that has nothing to tell. */
function sentenceOf(message: Message | null): string[] {
  const words = message === null ? '' : say(message).trim()
  return words === '' ? [] : [/[.!?:…”]$/.test(words) ? words : `${words}.`]
}

function timeOf(at: EpochMs | null): string {
  return at === null ? 'time unknown' : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Foreign text within a line of Markdown: nothing in it is markup, and it stays on its line. */
function escaped(text: string): string {
  return visibleText(text).replace(/[\\`*_{}[\]()#<>|!~&]/g, '\\$&')
}

/** Lines in a fence longer than any run of backticks in them. */
function quoted(lines: { line: number; text: string }[]): string {
  const shown = lines.slice(0, MOST_LINES).map(({ line, text }) => `${line}: ${visibleText(text)}`)
  const longest = Math.max(2, ...shown.flatMap((text) => (text.match(/`+/g) ?? []).map((run) => run.length)))
  const fence = '`'.repeat(longest + 1)
  const left = lines.length - shown.length
  return `${fence}text\n${shown.join('\n')}\n${fence}${left > 0 ? `\n\n${left} more lines are in the JSON file.` : ''}`
}
