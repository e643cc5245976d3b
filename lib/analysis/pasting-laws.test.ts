import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { FileAnalysis } from '@/lib/analysis/analysis'
import { createFileReader } from '@/lib/analysis/file-reader'
import type { KillSources } from '@/lib/oom/report'

/**
 * Whatever a person, a tool, a terminal or a mailer did to a log on its way here, it tells the same: our fixtures always,
 * and the folder of real logs kept outside the project when OOMSCOPE_CORPUS names it.
 */
const CORPUS = process.env.OOMSCOPE_CORPUS
const FIXTURES = join(import.meta.dirname, '..', 'oom', 'fixtures', 'kernel')

interface Log {
  name: string
  lines: string[]
}

function logsIn(folder: string): Log[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((file) => file.endsWith('.log'))
    .map((name) => ({ name, lines: readFileSync(join(folder, name), 'utf8').trimEnd().split('\n') }))
}

const LOGS = [...logsIn(FIXTURES), ...(CORPUS ? logsIn(join(CORPUS, 'oom')) : [])]
/** Texts that something has broken once already: what is done to their pieces is done to another text. */
const BROKEN = /wrapped|reflowed|columns|arrows|glued|mail-in|logwatch|openvz|panic-qp|duplicated/
const WHOLE = LOGS.filter(({ name, lines }) => !BROKEN.test(name) && !lines.some((line) => /^ {8}/.test(line)))

function read(text: string, chunkBytes = 1 << 20): FileAnalysis {
  const reader = createFileReader({
    name: 'law',
    host: null,
    zone: null,
    year: null,
    modifiedAt: null,
    receivedAt: Date.UTC(2026, 10, 24),
  })
  const bytes = new TextEncoder().encode(text)
  for (let at = 0; at < bytes.length; at += chunkBytes) reader.push(bytes.subarray(at, at + chunkBytes))
  return reader.end()
}

/** What no way of carrying a line may change. */
function factsOf({ kills, reports }: FileAnalysis): unknown {
  return {
    kills: kills.map((kill) => [
      kill.by,
      kill.pid,
      kill.comm,
      kill.uid,
      kill.constraint,
      kill.cgroup,
      kill.invoker.comm,
      kill.invoker.pid,
      kill.gfpMask,
      kill.order,
      kill.totalVmKib,
      kill.anonRssKib,
      kill.fileRssKib,
      kill.shmemRssKib,
      kill.oomScoreAdj,
    ]),
    reports: reports.map((report) => [
      report.trigger,
      report.constraint,
      report.tasks?.length ?? null,
      report.memory?.freePages ?? null,
      report.memory?.swapFreeKib ?? null,
      report.memory?.swapTotalKib ?? null,
      report.memory?.ramPages ?? null,
      report.memory?.zones.length ?? null,
      report.memory?.buddyLists.length ?? null,
      report.memcg?.limitPath ?? null,
      report.memcg?.memory?.limitKib ?? null,
    ]),
  }
}

const escaped = (line: string) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
const isHit = (line: string) => /kill|oom/i.test(line)

/** Breaks at blanks, as mailers do; a word longer than a line stays whole. */
function wrapped(line: string, width: number): string[] {
  const lines: string[] = []
  let rest = line
  while (rest.length > width) {
    const before = rest.lastIndexOf(' ', width)
    const at = before > 0 ? before : rest.indexOf(' ', width)
    if (at <= 0) break
    lines.push(rest.slice(0, at))
    rest = rest.slice(at + 1)
  }
  return [...lines, rest]
}

/** Breaks after so many characters, as terminals do. */
function broken(line: string, columns: number): string[] {
  return line.match(new RegExp(`.{1,${columns}}`, 'g')) ?? ['']
}

/** RFC 2045: "=" escaped, soft breaks at 76 characters. */
function quotedPrintable(line: string): string[] {
  const lines: string[] = []
  let rest = line.replaceAll('=', '=3D').replace(/ $/, '=20')
  while (rest.length > 76) {
    const coded = /=[\dA-F]?$/.exec(rest.slice(0, 75))
    const at = coded ? coded.index : 75
    lines.push(`${rest.slice(0, at)}=`)
    rest = rest.slice(at)
  }
  return [...lines, rest]
}

/** Around each line, whatever it is. */
const AROUND: Record<string, (line: string, index: number) => string> = {
  'mail quoting': (line) => `> ${line}`,
  'mail quoting three deep': (line) => `> > > ${line}`,
  'mail quoting without blanks': (line) => `>>>${line}`,
  'an indent of Markdown': (line) => `    ${line}`,
  'a tab': (line) => `\t${line}`,
  'trailing blanks': (line) => `${line}   `,
  'an ANSI colour': (line) => `\x1b[32m${line}\x1b[0m`,
  'an erase to the end of the line': (line) => `${line}\x1b[K`,
  'a NUL behind it': (line) => `${line}\0`,
  'a paragraph of HTML': (line) => `<p>${escaped(line)}</p>`,
  'a break of HTML': (line) => `${escaped(line)}<br />`,
  'entities by number': (line) => line.replaceAll('(', '&#40;').replaceAll('=', '&#x3D;'),
  'unbreakable blanks': (line) => line.replaceAll('  ', '\u00a0 '),
  'a blank line after it': (line) => `${line}\n`,
  'the count of logwatch': (line) => `    1 Time(s): ${line}`,
  backticks: (line) => `\`${line}\``,
  'quotes of JSON': (line) => `${JSON.stringify(line)},`,
  'the number of cat -n': (line, index) => `${String(index + 1).padStart(6)}\t${line}`,
  'the number of grep -nC': (line, index) => `${index + 1}${isHit(line) ? ':' : '-'}${line}`,
  'the file name of grep -C': (line) => `/var/log/kern.log.1${isHit(line) ? ':' : '-'}${line}`,
  'the service of docker compose': (line) => `web-1  | ${line}`,
  'the pod of kubectl logs': (line) => `[pod/web-1/app] ${line}`,
  "a terminal's clock": (line) => `[2026-02-08 00:40:07.123] ${line}`,
  'a container log': (line) => JSON.stringify({ log: `${line}\n`, stream: 'stdout', time: '2026-02-08T00:40:07.1Z' }),
}

/** On the text as a whole, of lines that nothing has broken yet. */
const ACROSS: Record<string, (lines: string[]) => string[]> = {
  'wrapped at 72 columns': (lines) => lines.flatMap((line) => wrapped(line, 72)),
  'wrapped at 76 columns and quoted': (lines) => lines.flatMap((line) => wrapped(line, 76)).map((line) => `> ${line}`),
  'wrapped with an indent': (lines) =>
    lines.flatMap((line) => wrapped(line, 72).map((part, at) => (at === 0 ? part : `  ${part}`))),
  'format=flowed': (lines) =>
    lines.flatMap((line) => wrapped(line, 72).map((part, at, parts) => (at < parts.length - 1 ? `${part} ` : part))),
  'quoted-printable': (lines) => lines.flatMap(quotedPrintable),
  'quoted-printable of quoted mail': (lines) => lines.map((line) => `> ${line}`).flatMap(quotedPrintable),
  'a terminal of 80 columns': (lines) => lines.flatMap((line) => broken(line, 80)),
}

test('the fixtures are there, and the corpus when it is named', () => {
  expect(LOGS.length).toBeGreaterThan(CORPUS ? 50 : 30)
  expect(WHOLE.length).toBeGreaterThan(LOGS.length / 2)
})

describe('put around every line', () => {
  test.each(Object.entries(AROUND))('%s changes nothing', (_, around) => {
    const different = WHOLE.filter(
      ({ lines }) =>
        JSON.stringify(factsOf(read(`${lines.map(around).join('\n')}\n`))) !==
        JSON.stringify(factsOf(read(lines.join('\n')))),
    )
    expect(different.map(({ name }) => name)).toEqual([])
  })
})

describe('done to the whole text', () => {
  test.each(Object.entries(ACROSS))('%s changes nothing', (_, across) => {
    const different = WHOLE.filter(
      ({ lines }) =>
        JSON.stringify(factsOf(read(`${across(lines).join('\n')}\n`))) !==
        JSON.stringify(factsOf(read(lines.join('\n')))),
    )
    expect(different.map(({ name }) => name)).toEqual([])
  })
})

describe.each(LOGS)('$name', ({ name, lines }) => {
  const text = `${lines.join('\n')}\n`

  test('gives the same in chunks of 7 and 997 bytes, with CRLF and without a last line end', () => {
    const plain = factsOf(read(text))
    for (const chunkBytes of [7, 997]) expect(factsOf(read(text, chunkBytes))).toEqual(plain)
    expect(factsOf(read(text.replaceAll('\n', '\r\n')))).toEqual(plain)
    expect(factsOf(read(text.trimEnd()))).toEqual(plain)
  })

  test('names the lines of each fact within the text, and of each kill where its process is named', () => {
    const { kills, reports } = read(text)
    for (const { lines: range } of [...kills, ...reports]) {
      expect(range.from).toBeGreaterThanOrEqual(1)
      expect(range.to).toBeGreaterThanOrEqual(range.from)
      expect(range.to).toBeLessThanOrEqual(lines.length)
    }
    for (const { pid, lines: range } of kills) {
      const cited = lines.slice(range.from - 1, range.to).join('')
      if (pid !== null) expect(cited).toContain(String(pid))
    }
  })

  test.skipIf(BROKEN.test(name))('cites for each fact that stands elsewhere the line that says it', () => {
    for (const kill of read(text).kills) {
      const says: Record<keyof KillSources, string | number | null> = {
        uid: kill.uid,
        constraint: '',
        cgroup: kill.cgroup,
        limitCgroup: kill.limitCgroup,
        invokerComm: kill.invoker.comm,
        invokerPid: kill.invoker.pid,
        gfpMask: kill.gfpMask,
        order: kill.order,
        oomScoreAdj: kill.oomScoreAdj,
      }
      // The keys are those of KillSources: `readAt` is one.
      for (const [fact, line] of Object.entries(kill.readAt ?? {}))
        expect(lines[line - 1]).toContain(String(says[fact as keyof KillSources]))
    }
  })
})
