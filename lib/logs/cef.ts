import { envelope, type LogFormat } from '@/lib/logs/format'

// "CEF:0|Linux|kernel|5.10|100|oom|5|dhost=web01 msg=Out of memory: …": vendor, product, version, class, name, severity
const CEF = /^CEF:\d{1,3}\|(?:[^|\\]|\\.){0,200}\|((?:[^|\\]|\\.){0,200})\|(?:(?:[^|\\]|\\.){0,200}\|){4}/
const HOST = /(?:^| )(?:dvchost|dhost|shost)=([^ =]{1,255})/
const MESSAGE = /(?:^| )msg=/

/** ArcSight's Common Event Format. The message is taken to the end of the line: what stands behind it cannot be told from it. */
export const cef: LogFormat = {
  name: 'cef',
  sample: 'CEF:0|Linux|kernel|5.10|100|oom|5|dhost=web01 msg=Out of memory: Killed process 4711 (java) total-vm:8kB',
  isTransport: true,
  decode(line) {
    if (!line.startsWith('CEF:')) return null
    const head = CEF.exec(line.slice(0, 2000))
    if (!head) return null
    const fields = line.slice(head[0].length)
    const at = MESSAGE.exec(fields)
    if (!at) return null
    const before = fields.slice(0, at.index)
    return envelope('cef', fields.slice(at.index + at[0].length).replaceAll('\\=', '='), {
      host: HOST.exec(before)?.[1] ?? null,
      program: head[1] === '' ? null : (head[1] ?? null),
    })
  },
}
