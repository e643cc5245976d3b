import { envelope, type LogFormat } from '@/lib/logs/format'
import { readIsoTime } from '@/lib/logs/iso8601'

// "<4>1 2024-03-13T11:16:48.123456+00:00 host kernel - - - msg"; relays may count octets in front ("123 <4>1 …")
const HEAD = /^(?:\d{1,6} )?<\d{1,3}>1 /
const FIELDS = /^ (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /

// "[journal@32473 boot=\"5b7d3c1e9f024b6d8a1c2e3f4a5b6c7d\"]": lines that an agent took from the journal (lib/ingest/stream-line.ts)
const BOOT = /\bboot="([0-9a-f]{32})"/

export const rfc5424: LogFormat = {
  name: 'rfc5424',
  sample: '<4>1 2024-03-13T11:16:48.123456+00:00 web01 kernel - - - Mem-Info:',
  decode(line) {
    const head = HEAD.exec(line.length > 20 ? line.slice(0, 20) : line)
    if (!head) return null
    const rest = line.slice(head[0].length)
    const stamp = readIsoTime(rest)
    if (!stamp) return null
    const fields = FIELDS.exec(rest.slice(stamp.end, stamp.end + 480))
    if (!fields) return null
    const [, host = '-', program = '-', pid = '-'] = fields
    const tail = rest.slice(stamp.end + fields[0].length)
    const body = skipStructuredData(tail).replace(/^\ufeff/, '')
    return envelope('rfc5424', body, {
      time: stamp.time,
      host: host === '-' ? null : host,
      program: program === '-' ? null : program,
      pid: /^\d{1,10}$/.test(pid) ? Number(pid) : null,
      boot: BOOT.exec(tail.slice(0, tail.length - body.length))?.[1] ?? null,
    })
  },
}

/** `-` or `[id name="value" …][…]`, in whose values `]` and `"` are escaped. */
function skipStructuredData(text: string): string {
  if (text[0] !== '[') return text.replace(/^- ?/, '')
  let isQuoted = false
  for (let at = 1; at < text.length; at += 1) {
    const char = text[at]
    if (char === '\\') at += 1
    else if (char === '"') isQuoted = !isQuoted
    else if (char === ']' && !isQuoted && text[at + 1] !== '[') return text.slice(at + 1).replace(/^ /, '')
  }
  return text
}
