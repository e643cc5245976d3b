import { createAccount } from '@/lib/analysis/account'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createMessageReader, type Message } from '@/lib/analysis/messages'
import { createScanner } from '@/lib/analysis/scanner'
import { createSkimmer } from '@/lib/analysis/skimmer'
import { createTally } from '@/lib/analysis/tally'
import { SUSPICIOUS } from '@/lib/analysis/triggers'
import { createDating, type YearOfHistory } from '@/lib/logs/dating'
import { isRecordStart } from '@/lib/logs/journal'
import { beginsAsKernel } from '@/lib/logs/pasted-line'
import { createDecoder } from '@/lib/logs/registry'
import { createByteSplitter, MAX_LINE } from '@/lib/logs/text'
import { largestMoment, type ProcessList } from '@/lib/metrics/process'
import type { Sample, UndatedSample } from '@/lib/metrics/sample'
import { foldEchoes } from '@/lib/oom/echoes'
import { createFacts, type Facts } from '@/lib/oom/facts'
import { OOM_SOURCES } from '@/lib/oom/registry'
import type { Claim, Entry } from '@/lib/oom/source'
import type { Assumption, SourceHints, Warning } from '@/lib/source'
import type { EpochMs } from '@/lib/units'

const MAX_WARNINGS = 200
/** Characters of a message in which words of memory trouble are looked for. */
const SUSPECTED_LENGTH = 2000

/** Reads one log, in chunks of any size. The result does not depend on where the chunks are cut. */
export interface LogReader {
  push(bytes: Uint8Array): void
  /** To be called once, after the last chunk. */
  end(): FileAnalysis
  /** After `end`: the same facts, timed by the year that other files of the host tell. What the file itself tells stands. */
  redate(history: YearOfHistory): FileAnalysis
}

/**
 * Bytes of a log in, facts out. Pure; memory grows with what is recognised, not with the log.
 *
 * @param linesBefore lines of the log in front of these bytes: line numbers go on from there
 */
export function createLogReader(hints: SourceHints, linesBefore = 0): LogReader {
  const dating = createDating(hints)
  const facts = createFacts(hints.name, hints.zone)
  const account = createAccount()
  const readers = OOM_SOURCES.map((source) => source.open(facts))
  const decode = createDecoder()
  const warnings: Warning[] = []
  const formats = createTally()
  const hosts = createTally()
  let unlistedWarnings = 0

  function warn(line: number, code: string, detail: string): void {
    if (warnings.length < MAX_WARNINGS) warnings.push({ line, code, detail })
    else unlistedWarnings += 1
  }

  const messages = createMessageReader(decode, dating, hosts, formats, {
    onMessage: read,
    onRepeated: (from, to) => account.mark(from, to, 'context'),
    onLongLine: (line) =>
      warn(line, 'long-line', `Line ${line} is longer than ${MAX_LINE} characters; the rest of it was not read.`),
  })
  const skimmer = createSkimmer(decode, dating, hosts, formats, messages.follow)
  const scanner = createScanner(
    {
      readLine: messages.readLine,
      skimLines: skimmer.skimLines,
      isWaiting: () => messages.isWaiting(scanner.hasTrigger),
      pause: messages.flush,
    },
    isRecordStart,
    linesBefore,
  )
  const splitter = createByteSplitter(scanner.readBlock)

  /** Hands a message to the sources, and books its lines. */
  function read(message: Message): void {
    const { from, to } = message
    const kills = facts.kills.length
    let best: Claim = null
    let isSuspicious = false
    for (const text of splitMessage(message.text)) {
      const claim = claimOf(entryOf(message, text))
      if (claim === 'recognised' || best === null) best = claim ?? best
      if (claim !== null || !SUSPICIOUS.test(text.slice(0, SUSPECTED_LENGTH))) continue
      account.suspect(from, text)
      isSuspicious = true
    }
    if (best === 'recognised') scanner.stayNear()
    if (best !== null) account.mark(from, to, facts.kills.length > kills ? 'kill' : best)
    else if (isSuspicious) account.mark(from, to, 'suspicious')
  }

  function entryOf({ envelope, seen, from, to }: Message, text: string): Entry {
    return {
      from,
      to,
      host: envelope.host,
      program: envelope.program,
      pid: envelope.pid,
      stream: `${seen.bootKey}\u0000${envelope.caller ?? ''}`,
      bootKey: seen.bootKey,
      moment: seen.moment,
      stamp: () => dating.stamp(envelope, seen),
      message: text,
      format: envelope.format,
    }
  }

  function claimOf(entry: Entry): Claim {
    for (const reader of readers) {
      const claim = reader.read(entry)
      if (claim !== null) return claim
    }
    return null
  }

  function finish(): FileAnalysis {
    facts.finish()
    foldEchoes(facts)
    const booked = account.finish(scanner.lines())
    const named = hosts.sorted()
    // Continuation lines and remarks have no envelope; they do not say how the log's own lines are carried.
    const [carried] = formats.sorted().filter(([name]) => name !== 'bare')
    const format = carried?.[0] ?? formats.sorted()[0]?.[0] ?? null
    const isUnderstood = facts.reports.length + facts.kills.length + facts.events.length > 0
    if (booked.unlisted > 0) {
      warn(0, 'more-shapes', `${booked.unlisted} more lines look like memory trouble and are not listed by shape.`)
    }
    if (unlistedWarnings > 0) {
      warnings.push({ line: 0, code: 'more-warnings', detail: `${unlistedWarnings} more warnings are not listed.` })
    }
    return {
      name: hints.name,
      kind: isUnderstood || (format !== null && format !== 'bare') ? 'log' : 'unknown',
      envelope: format,
      account: booked.account,
      host: hostOfLog(),
      hosts: named.map(([host, count]) => ({ host, lines: count })),
      kernel: [...facts.releases].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null,
      ...timesOf(),
      reports: facts.reports,
      kills: facts.kills.map(({ kill }) => kill),
      events: facts.events.map(({ event }) => event),
      openFiles: facts.openFiles,
      cgroup: null,
      shapes: booked.shapes,
      joined: [],
      strip: booked.strip,
      warnings,
    }
  }

  function hostOfLog(): string | null {
    return hints.host ?? hosts.sorted()[0]?.[0] ?? messages.consoleHost()
  }

  /** All that the year decides. The stamps of reports, kills and events are filled in as a part of it. */
  function timesOf(history: YearOfHistory | null = null) {
    const { from, to, assumed } = dating.place(history)
    facts.place()
    const own = facts.assumed.filter(({ what }) => !assumed.some((known) => known.what === what))
    const main = hostOfLog()
    const isOneHost = hosts.sorted().length <= 1
    const measured = measuredOf(facts, (host) => (isOneHost ? main : (host ?? main)))
    const { samples = [], undated = [], processHistory = [] } = measured.get(main) ?? {}
    return {
      from,
      to,
      assumed: [...assumed, ...own, ...assumedOf(hints, facts)],
      samples,
      undated,
      processes: largestMoment(processHistory),
      processHistory,
      elsewhere: [...measured].flatMap(([host, found]) =>
        host === null || host === main ? [] : [{ host, samples: found.samples, processHistory: found.processHistory }],
      ),
    }
  }

  let finished: FileAnalysis | null = null

  return {
    push: splitter.push,
    end() {
      splitter.end()
      scanner.end()
      messages.end(scanner.lines())
      skimmer.end()
      for (const reader of readers) reader.end?.()
      finished = finish()
      return finished
    },
    redate: (history) => ({ ...(finished ?? finish()), ...timesOf(history) }),
  }
}

/** One line may hold several: rsyslog writes line ends as #012, others as \x0a, the journal as they are. */
function splitMessage(whole: string): string[] {
  // rsyslog: "message repeated 2 times: [ Killed process … ]"
  const repeated = whole.startsWith('message repeated ') ? /^message repeated \d+ times: \[ ?(.*)\]$/.exec(whole) : null
  const message = repeated?.[1] ?? whole
  if (message.includes('\n') || message.includes('#012') || message.includes('\\x0a'))
    return message.replaceAll('#011', '\t').split(/\n|#012|\\x0a/)
  // A program printed the text as a literal of its language.
  if (message.includes('\\n')) return message.split('\\n').reduce(joinUnlessKernel, [])
  return message.includes(' pages') ? message.split(GLUED) : [message]
}

/** Only where the kernel's words follow is "\n" the end of a line: it may stand in a command line, too. */
function joinUnlessKernel(parts: string[], next: string): string[] {
  const last = parts.at(-1)
  if (last === undefined || beginsAsKernel(next.trimStart())) return [...parts, next]
  return [...parts.slice(0, -1), `${last}\\n${next}`]
}

// "Total swap = 524280kB131071 pages RAM0 pages HighMem3673 pages reserved": a web page's text that has lost its line ends
const GLUED =
  /(?<=kB|\.\.\.| pages (?:RAM|HighMem|HighMem\/MovableOnly|reserved|shared|non-shared|in swap cache)| pagecache pages)(?=\d{1,20} (?:total pagecache )?pages(?![a-z]))/

function assumedOf(hints: SourceHints, facts: Facts): Assumption[] {
  const assumed: Assumption[] = []
  if (hints.host !== null) {
    assumed.push({ what: 'host', value: hints.host, why: 'told with the file', isEvidenced: true })
  }
  const unsized = facts.reports.find((report) => report.pageSizeBytes === null && (report.tasks?.length ?? 0) > 0)
  if (unsized) {
    assumed.push({
      what: 'page-size',
      value: '4096',
      why: `the report at line ${unsized.lines.from} counts in pages and does not show their size`,
      isEvidenced: false,
    })
  }
  return assumed
}

/** What was measured on one host: samples ascending, one an instant; those without an instant apart. */
interface Measured {
  samples: Sample[]
  undated: UndatedSample[]
  processHistory: ProcessList[]
}

interface Collected extends Measured {
  byInstant: Map<EpochMs, Sample>
}

/** What killer daemons and tools printed, by host. */
function measuredOf(facts: Facts, hostOf: (printed: string | null) => string | null): Map<string | null, Measured> {
  const byHost = new Map<string | null, Collected>()
  const at = (printed: string | null): Collected => {
    const host = hostOf(printed)
    const measured = byHost.get(host) ?? { samples: [], undated: [], processHistory: [], byInstant: new Map() }
    byHost.set(host, measured)
    return measured
  }
  for (const sample of facts.samples) {
    const { undated, byInstant } = at(sample.host)
    const instant = sample.at()
    if (instant === null) undated.push({ timeText: sample.timeText, ...sample.fields })
    // Several tools at one instant tell one sample; what was printed first stands.
    else byInstant.set(instant, { at: instant, ...sample.fields, ...known(byInstant.get(instant)) })
  }
  for (const { host, at: instant, list } of facts.processes) at(host).processHistory.push({ at: instant(), ...list })
  for (const measured of byHost.values())
    measured.samples = [...measured.byInstant.values()].sort((a, b) => a.at - b.at)
  return byHost
}

function known(sample: Sample | undefined): Partial<Sample> {
  return Object.fromEntries(Object.entries(sample ?? {}).filter(([, value]) => value !== null && value !== undefined))
}
