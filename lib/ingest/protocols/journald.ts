import { type JournalEntry, JournalExportReader } from '@/lib/ingest/protocols/journal-export'
import { eventTimeUs } from '@/lib/ingest/protocols/journal-time'
import { cleanHost, readPriority } from '@/lib/ingest/protocols/log-record'
import { linesOfText, type RecordContext } from '@/lib/ingest/protocols/own-envelope'
import {
  type Decoded,
  nothingDecoded,
  type StreamedProtocol,
  type StreamReader,
  type WireLine,
} from '@/lib/ingest/protocols/protocol'
import { recordContext } from '@/lib/ingest/protocols/records'
import { placeNs } from '@/lib/ingest/protocols/wire-time'
import { envelope } from '@/lib/logs/format'

const FIELDS = new Set([
  '__REALTIME_TIMESTAMP',
  '__MONOTONIC_TIMESTAMP',
  '_SOURCE_REALTIME_TIMESTAMP',
  '_SOURCE_MONOTONIC_TIMESTAMP',
  '_BOOT_ID',
  '_MACHINE_ID',
  '_HOSTNAME',
  '_TRANSPORT',
  '_PID',
  '_COMM',
  'SYSLOG_PID',
  'SYSLOG_IDENTIFIER',
  'PRIORITY',
  'MESSAGE',
])

function createReader(request: Parameters<StreamedProtocol['createReader']>[0]): StreamReader {
  const reader = new JournalExportReader(FIELDS)
  // The journal has taken every envelope off; what looks like one belongs to the message.
  const context: RecordContext = { ...recordContext(request), decode: (line) => envelope('journal-export', line) }
  let reported = 0
  const decode = (entries: JournalEntry[]): Decoded => {
    const decoded = nothingDecoded()
    const machines = new Map<string, string>()
    for (const entry of entries) {
      decoded.items += 1
      decoded.lines.push(...linesOf(entry, context))
      const host = cleanHost(entry.get('_HOSTNAME'))
      const machineId = entry.get('_MACHINE_ID')
      if (host !== null && machineId !== undefined) machines.set(host, machineId)
    }
    decoded.identities = [...machines].map(([name, machineId]) => ({
      name,
      aliases: [],
      machineId,
      pageSizeBytes: null,
    }))
    if (reader.unreadable > reported) {
      decoded.refused.push({ count: 1, why: `${reader.unreadable - reported} bytes are not in journal export format.` })
      reported = reader.unreadable
    }
    return decoded
  }
  return {
    push: (bytes) => decode(reader.push(bytes)),
    end() {
      const last = reader.end()
      return decode(last ? [last] : [])
    },
  }
}

function linesOf(entry: JournalEntry, context: RecordContext): WireLine[] {
  const message = entry.get('MESSAGE')
  if (message === undefined) return []
  const isKernel = entry.get('_TRANSPORT') === 'kernel'
  return linesOfText(
    message,
    {
      host: cleanHost(entry.get('_HOSTNAME')) ?? context.host,
      atNs: timeOf(entry, isKernel, context),
      program: isKernel ? 'kernel' : (entry.get('SYSLOG_IDENTIFIER') ?? entry.get('_COMM') ?? null),
      pid: isKernel ? null : (digits(entry.get('SYSLOG_PID')) ?? digits(entry.get('_PID'))),
      priority: readPriority(entry.get('PRIORITY')),
      bootId: /^[0-9a-f]{32}$/.exec(entry.get('_BOOT_ID') ?? '')?.[0] ?? null,
      monotonicUs: digits(entry.get('_SOURCE_MONOTONIC_TIMESTAMP')) ?? digits(entry.get('__MONOTONIC_TIMESTAMP')),
    },
    context,
  )
}

function timeOf(entry: JournalEntry, isKernel: boolean, context: RecordContext): bigint | null {
  const us = eventTimeUs({
    takenUs: digits(entry.get('__REALTIME_TIMESTAMP')),
    takenMonotonicUs: digits(entry.get('__MONOTONIC_TIMESTAMP')),
    writtenUs: digits(entry.get('_SOURCE_REALTIME_TIMESTAMP')),
    writtenMonotonicUs: digits(entry.get('_SOURCE_MONOTONIC_TIMESTAMP')),
    isKernel,
  })
  return us === null ? null : placeNs(BigInt(us) * 1000n, context.receivedAt)
}

function digits(text: string | undefined): number | null {
  if (text === undefined || !/^\d{1,16}$/.test(text)) return null
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : null
}

export const journald: StreamedProtocol = {
  name: 'journald',
  aliases: ['journal', 'systemd'],
  title: 'systemd-journal-upload',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'systemd-journal-upload',
      versionSeen: '252',
      tested: 'live',
      gives: ['log'],
      file: 'shell, as root',
      configuration: (url, token) =>
        [
          'apt-get install systemd-journal-remote   # or: dnf install systemd-journal-remote',
          'mkdir -p /etc/systemd/journal-upload.conf.d',
          `printf '[Upload]\\nURL=${url}/api/ingest/journald/t/${token}\\n' > /etc/systemd/journal-upload.conf.d/oomscope.conf`,
          'systemctl enable --now systemd-journal-upload',
        ].join('\n'),
      remark:
        'The only stream with boot id and monotonic time. Before version 258 it can send no header, so the token stands in the address.',
    },
    {
      name: 'journalctl and curl',
      versionSeen: null,
      tested: 'live',
      gives: ['log'],
      file: 'shell',
      configuration: (url, token) =>
        `journalctl -k -b all -o export | curl -T - -X POST -H "Authorization: Bearer ${token}" ${url}/api/ingest/journald/upload`,
      remark: null,
    },
  ],
  createReader,
  // 300 and above ends the uploader, and systemd starts it again with the same entries.
  accept: () => ({ status: 202, contentType: 'text/plain', body: 'OK.\n' }),
}
