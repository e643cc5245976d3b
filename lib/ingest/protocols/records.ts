import { AppError } from '@/lib/errors'
import { decodeText, isObject, parseJsonSequence } from '@/lib/ingest/protocols/json'
import { linesOfRecordOrEvent } from '@/lib/ingest/protocols/kubernetes-event'
import { linesOfText, type RecordContext } from '@/lib/ingest/protocols/own-envelope'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireLine,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { createDecoder } from '@/lib/logs/registry'

/** What the address may say for the lines that do not: `?host=db-1&tz=Europe/Berlin&program=kernel`. */
export function recordContext(request: Omit<WireRequest, 'body'>): RecordContext {
  return {
    host: request.query.get('host'),
    zone: request.query.get('tz'),
    program: request.query.get('program'),
    receivedAt: request.receivedAt,
    decode: createDecoder(),
  }
}

/** Records as an array, as lines or one after the other; whatever the content type says. Anything else is lines of text. */
export function decodeRecords(request: WireRequest): Decoded {
  if (/msgpack/i.test(request.headers.get('content-type') ?? '')) {
    throw new AppError('unsupported-type', 'MessagePack is not read: let the sender write JSON (format json_lines).')
  }
  const text = decodeText(request.body)
  const context = recordContext(request)
  const decoded = nothingDecoded()
  if (!/^\s*[[{]/.test(text) || isPrintkStart(text)) {
    decoded.lines = linesOfPlainText(text, context)
    decoded.items = decoded.lines.length
    return decoded
  }
  let unreadable = 0
  for (const record of parseJsonSequence(text)) {
    decoded.items += 1
    const lines = isObject(record)
      ? linesOfRecordOrEvent(record, context)
      : typeof record === 'string'
        ? linesOfPlainText(record, context)
        : []
    if (lines.length === 0) unreadable += 1
    decoded.lines.push(...lines)
  }
  if (unreadable > 0) decoded.refused.push({ count: unreadable, why: 'These records have no message.' })
  return decoded
}

/** `[ 1142.532551] java invoked …` begins like an array and is none. */
function isPrintkStart(text: string): boolean {
  return /^\s*\[ *\d+\.\d+\]/.test(text) || /^\s*\[[A-Za-z]{3,}/.test(text)
}

/** Lines as any program writes them: time, host and program are taken from each line's own envelope. */
export function linesOfPlainText(text: string, context: RecordContext): WireLine[] {
  const about = {
    host: context.host,
    atNs: null,
    program: context.program,
    pid: null,
    priority: null,
    bootId: null,
    monotonicUs: null,
  }
  return linesOfText(text, about, context)
}

export const records: Protocol = {
  name: 'json',
  aliases: ['syslog', 'text', 'logs', 'ndjson', 'http', 'fluentbit', 'vector', 'raw'],
  title: 'Lines and records over HTTP',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'syslog-ng http()',
      versionSeen: '3.38',
      tested: 'live',
      gives: ['log'],
      file: '/etc/syslog-ng/conf.d/oomscope.conf',
      configuration: (url, token) =>
        [
          'destination d_oomscope {',
          `  http(url("${url}/api/ingest/syslog") method("POST")`,
          `    headers("Authorization: Bearer ${token}", "Content-Type: application/json")`,
          '    body("$(format-json --scope nv-pairs --key HOST --pair ISODATE=$S_ISODATE)")',
          '    body-prefix("[") delimiter(",") body-suffix("]") batch-lines(50) batch-timeout(1000) retries(100));',
          '};',
          'log { source(s_src); destination(d_oomscope); };',
        ].join('\n'),
      remark: 'Without ISODATE the time has neither year nor zone: UTC is then assumed, or say &tz= in the address.',
    },
    {
      name: 'Fluent Bit http',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'fluent-bit.conf',
      configuration: (url, token) => {
        const { hostname, port, isSecure } = splitUrl(url)
        return [
          '[OUTPUT]',
          '    Name   http',
          '    Match  *',
          `    Host   ${hostname}`,
          `    Port   ${port}`,
          ...(isSecure ? ['    Tls    On'] : []),
          // biome-ignore lint/suspicious/noTemplateCurlyInString: Fluent Bit fills it in.
          '    URI    /api/ingest/fluentbit?host=${HOSTNAME}',
          '    Format json_lines',
          `    Header Authorization Bearer ${token}`,
        ].join('\n')
      },
      remark: null,
    },
    {
      name: 'Vector http',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'vector.yaml',
      configuration: (url, token) =>
        [
          'sinks:',
          '  oomscope:',
          '    type: http',
          '    inputs: [journald]',
          `    uri: ${url}/api/ingest/vector`,
          '    encoding: { codec: json }',
          '    framing: { method: newline_delimited }',
          `    auth: { strategy: bearer, token: ${token} }`,
        ].join('\n'),
      remark: null,
    },
    {
      name: 'curl',
      versionSeen: null,
      tested: 'live',
      gives: ['log'],
      file: 'shell',
      configuration: (url, token) =>
        `dmesg --follow-new --time-format iso | while read -r line; do
  curl -s --retry 60 --retry-connrefused "${url}/api/ingest/text?host=$(hostname)&program=kernel" -H "Authorization: Bearer ${token}" --data-binary "$line"
done`,
      remark: 'A whole log is better sent as one file: dmesg | curl -T - …/api/v1/logs.',
    },
  ],
  decode: decodeRecords,
  accept: () => noContent,
}

/** Host, port and scheme apart, for senders that want them so. */
export function splitUrl(url: string): { hostname: string; port: string; isSecure: boolean } {
  const parsed = new URL(url)
  const isSecure = parsed.protocol === 'https:'
  return { hostname: parsed.hostname, port: parsed.port || (isSecure ? '443' : '80'), isSecure }
}
