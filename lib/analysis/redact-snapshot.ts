import type { ShareSnapshot } from '@/lib/analysis/share'
import { createDecoder } from '@/lib/logs/registry'
import type { LineRange } from '@/lib/logs/source'
import { createRedactor, type Redactor } from '@/lib/text/redact'

/** Names that the instance knows and the text may use without any mark: hidden wherever they stand. */
export interface KnownNames {
  /** Names and aliases of all hosts. */
  hosts: string[]
  /** People with an account here. */
  users: string[]
  /** Names under which the cited files were uploaded. */
  files: string[]
}

/** Members that hold a word of ours, never text of a log or of a person. */
const OUR_WORDS = new Set([
  'key',
  'code',
  'kind',
  'class',
  'confidence',
  'pattern',
  'end',
  'trigger',
  'constraint',
  'by',
  'severity',
  'what',
  'grade',
  'shareOf',
])
/** Identifiers of this instance. */
const IDENTIFIERS: Record<string, string> = { id: 'entry', hostId: 'host', incidentId: 'incident', source: 'log' }
/** Records whose keys were read from a log. */
const READ_KEYS = new Set(['stats', 'totalsPages', 'nodesKib', 'fieldsKib'])
/** Members that hold or quote what a person or any program wrote. */
const PROSE = new Set(['notes', 'events', 'findings'])
/** What the members of `detail` and the parameters of sentences name. */
const PROGRAM_MEMBERS = /^(?:comm|process|program|invoker|victim)$/
const GROUP_MEMBERS =
  /^(?:cgroup|limitCgroup|limitPath|victimPath|unit|group|container|pod|service|image|namespace|label)$/
const HOST_MEMBERS = /^(?:host|hostname)$/
const USER_MEMBERS = /^(?:user|author|login)$/

/**
 * What a shared link holds when names are hidden: aliases stand for hosts, addresses, e-mails, accounts, paths, command
 * lines, ids, and programs and groups that are not publicly known, in every string of the snapshot. Figures, times and
 * line numbers stay. Text that no rule recognises stays too, which is why the dialog shows the result first.
 */
export function redactSnapshot(snapshot: ShareSnapshot, known: KnownNames): ShareSnapshot {
  const redactor = createRedactor()
  redactor.insist('host', snapshot.incident.hostname)
  for (const name of known.hosts) redactor.learn('host', name)
  for (const name of known.users) redactor.learn('user', name)
  for (const name of known.files) learnFile(redactor, name)
  keepReleases(redactor, snapshot)
  learnMembers(redactor, snapshot)
  learnLines(redactor, snapshot)
  const { walk, identify } = createWalk(redactor)
  const redacted = walk(snapshot)
  const lines = redactLines(redactor, snapshot, (source) => identify('source', source))
  return { ...redacted, lines, redaction: redactor.hidden() }
}

/** A file is named whole in some places and without its folder or its ending in others. */
function learnFile(redactor: Redactor, name: string): void {
  const base = name.slice(name.lastIndexOf('/') + 1)
  const stem = base.replace(/(?:\.[a-z0-9]{1,5})+$/i, '')
  redactor.learn('name', name)
  redactor.learn('name', base)
  if (stem.length >= 4 && !/^(?:kern|messages|syslog|dmesg|journal|console|upload|stdin)$/i.test(stem))
    redactor.learn('name', stem)
}

// "2.6.18.8-el5" would be taken for an address. A host in a release of one's own make is still found: it is learned.
const RELEASE = /^\d+\.\d+[\w.+~-]{0,60}$/

function keepReleases(redactor: Redactor, { incident }: ShareSnapshot): void {
  for (const release of [incident.kernel, ...incident.reports.map((report) => report.kernel)]) {
    if (release !== null && RELEASE.test(release) && !/[a-z]{2,}\.[a-z]{2,}/i.test(release)) redactor.keep(release)
  }
}

/** First pass: every name that stands in a member of its own is hidden in running text too. */
function learnMembers(redactor: Redactor, value: unknown, member = ''): void {
  if (typeof value === 'string') {
    if (HOST_MEMBERS.test(member)) redactor.insist('host', value)
    else if (USER_MEMBERS.test(member)) redactor.learn('user', value)
    else if (GROUP_MEMBERS.test(member)) redactor.learn('group', value)
    else if (PROGRAM_MEMBERS.test(member)) redactor.learn('program', value.replace(/ (?:×?\d+|\(.*\))$/, ''))
    redactor.survey(value)
  } else if (Array.isArray(value)) {
    for (const each of value) learnMembers(redactor, each, member)
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, each] of Object.entries(value)) learnMembers(redactor, each, name)
  }
}

/** The machines and programs that the raw lines themselves name: a line of another host may stand among them. */
function learnLines(redactor: Redactor, { lines }: ShareSnapshot): void {
  for (const known of Object.values(lines)) {
    const decode = createDecoder()
    for (const { text } of known) {
      const { host, consoleHost, program } = decode(text)
      if (host !== null) redactor.insist('host', host)
      if (consoleHost !== null) redactor.insist('host', consoleHost)
      if (program !== null) redactor.learn('program', program)
    }
  }
}

/** Where in a snapshot a string stands. */
interface Place {
  isProse: boolean
  /** Read from a log whatever the member is called: none of our words, none of our identifiers. */
  isRead: boolean
}

/** Copies a value with every string in it redacted, and identifiers numbered. */
function createWalk(redactor: Redactor): {
  walk: <T>(value: T) => T
  identify: (member: string, original: string) => string
} {
  const numbers = new Map<string, number>()

  function identify(member: string, original: string): string {
    const kind = IDENTIFIERS[member] ?? member
    const key = `${kind}\0${original}`
    const number = numbers.get(key) ?? [...numbers.keys()].filter((each) => each.startsWith(`${kind}\0`)).length + 1
    numbers.set(key, number)
    return `${kind}-${number}`
  }

  function text(value: string, member: string, place: Place): string {
    if (!place.isRead && OUR_WORDS.has(member)) return value
    if (!place.isRead && Object.hasOwn(IDENTIFIERS, member)) return identify(member, value)
    return place.isProse ? redactor.redactProse(value) : redactor.redact(value)
  }

  function walk(value: unknown, member: string, place: Place): unknown {
    if (typeof value === 'string') return text(value, member, place)
    if (Array.isArray(value)) return value.map((each) => walk(each, member, place))
    if (typeof value !== 'object' || value === null) return value
    const inside: Place = {
      isProse: place.isProse || PROSE.has(member),
      // What a sentence is filled with, and the details of an event; the detail of a finding is a sentence again.
      isRead: place.isRead || member === 'params' || (member === 'detail' && !('params' in value)),
    }
    return Object.fromEntries(
      Object.entries(value).map(([name, each]) => [
        READ_KEYS.has(member) ? redactor.redact(name) : name,
        name === 'lines' && member === '' ? {} : walk(each, name, inside),
      ]),
    )
  }
  // Same members, same types: only the contents of strings change.
  return { walk: <T>(value: T) => walk(value, '', { isProse: false, isRead: false }) as T, identify }
}

/** Lines of reports and kills have the kernel's words; all others may hold anything a person or program wrote. */
function redactLines(
  redactor: Redactor,
  { incident, lines }: ShareSnapshot,
  aliasOf: (source: string) => string,
): ShareSnapshot['lines'] {
  const own: LineRange[] = [...incident.reports, ...incident.kills].map((fact) => fact.lines)
  const sources = new Map<string, LineRange[]>()
  for (const range of own) sources.set(range.source, [...(sources.get(range.source) ?? []), range])
  return Object.fromEntries(
    Object.entries(lines).map(([source, known]) => [
      aliasOf(source),
      known.map(({ line, text }) => {
        const isKernels = (sources.get(source) ?? []).some((range) => range.from <= line && line <= range.to)
        return { line, text: isKernels ? redactor.redact(text) : redactor.redactProse(text) }
      }),
    ]),
  )
}
