import { AppError } from '@/lib/errors'
import { asString, decodeText, isObject, type JsonObject, parseJson } from '@/lib/ingest/protocols/json'
import { cleanHost, find } from '@/lib/ingest/protocols/log-record'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireLine,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext } from '@/lib/ingest/protocols/records'
import { readWireTime, type TimeContext } from '@/lib/ingest/protocols/wire-time'

const HOST_LABELS = ['nodename', 'hostname', 'host', 'node', 'kubernetes_node', 'instance']

/** An alert is something on the timeline, never a kill: somebody's rule fired, and its words are not the kernel's. */
function decode(request: WireRequest): Decoded {
  const body = parseJson(decodeText(request.body).trim() || '{}')
  // The webhook has {alerts: […]}, the API that Prometheus itself posts to (/api/v2/alerts) a bare array.
  const alerts = Array.isArray(body) ? body : isObject(body) ? (body.alerts ?? []) : null
  if (!Array.isArray(alerts)) throw new AppError('invalid', 'The notification has no "alerts".')
  const decoded = nothingDecoded()
  const context = recordContext(request)
  for (const alert of alerts) {
    if (!isObject(alert)) continue
    decoded.items += 1
    const line = lineOf(alert, context)
    if (line) decoded.lines.push(line)
    else decoded.refused.push({ count: 1, why: 'An alert has no time it started.' })
  }
  return decoded
}

function lineOf(alert: JsonObject, context: TimeContext & { host: string | null }): WireLine | null {
  const labels = isObject(alert.labels) ? alert.labels : {}
  const annotations = isObject(alert.annotations) ? alert.annotations : {}
  const startedNs = readWireTime(alert.startsAt, context)
  if (startedNs === null) return null
  // While it fires, the end is 0001-01-01 or the time at which it would be given up.
  const isResolved = alert.status === 'resolved'
  const endedNs = isResolved ? readWireTime(alert.endsAt, context) : null
  const fingerprint = asString(alert.fingerprint) ?? JSON.stringify(Object.entries(labels).sort())
  return {
    host: cleanHost(find(labels, HOST_LABELS)) ?? context.host,
    atNs: endedNs ?? startedNs,
    program: 'alertmanager',
    pid: null,
    priority: isResolved ? 5 : 4,
    bootId: null,
    monotonicUs: null,
    text: wordsOf(labels, annotations, isResolved),
    // A group is sent again whenever one of its alerts changes, and an annotation may hold a value that moves.
    key: `${fingerprint} ${startedNs} ${isResolved ? 'resolved' : 'firing'}`,
  }
}

/** "alert firing: NodeOOMKill severity=critical instance=db-prod-01:9100: OOM kill detected on db-prod-01" */
function wordsOf(labels: JsonObject, annotations: JsonObject, isResolved: boolean): string {
  const name = asString(labels.alertname) ?? 'an alert without a name'
  const shown = ['severity', 'instance', 'namespace', 'pod', 'container'].flatMap((label) => {
    const value = asString(labels[label])
    return value === null ? [] : [`${label}=${value}`]
  })
  const words = asString(find(annotations, ['summary', 'message', 'description']))
  const head = [`alert ${isResolved ? 'resolved' : 'firing'}: ${name}`, ...shown].join(' ')
  return (words === null ? head : `${head}: ${words}`).replace(/\s+/g, ' ').slice(0, 2_000)
}

export const alertmanager: Protocol = {
  name: 'alertmanager',
  aliases: ['alerts'],
  title: 'Alertmanager webhook',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'Alertmanager',
      versionSeen: '0.25',
      tested: 'live',
      gives: ['alerts'],
      file: 'alertmanager.yml',
      configuration: (url, token) =>
        [
          'receivers:',
          '  - name: oomscope',
          '    webhook_configs:',
          `      - url: ${url}/api/ingest/alertmanager`,
          `        http_config: { authorization: { credentials: ${token} } }`,
        ].join('\n'),
      remark: 'An alert stands on the timeline beside what the kernel says; it is not counted as a kill.',
    },
  ],
  decode,
  accept: () => noContent,
}
