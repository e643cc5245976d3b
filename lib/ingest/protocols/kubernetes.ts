import { decodeText, parseJsonSequence } from '@/lib/ingest/protocols/json'
import { eventsIn, lineOfEvent } from '@/lib/ingest/protocols/kubernetes-event'
import {
  type Decoded,
  noContent,
  nothingDecoded,
  type Protocol,
  type WireRequest,
} from '@/lib/ingest/protocols/protocol'
import { recordContext } from '@/lib/ingest/protocols/records'

function decode(request: WireRequest): Decoded {
  const decoded = nothingDecoded()
  const context = recordContext(request)
  for (const value of parseJsonSequence(decodeText(request.body))) {
    for (const event of eventsIn(value)) {
      decoded.items += 1
      const line = lineOfEvent(event, context)
      if (line) decoded.lines.push(line)
    }
  }
  return decoded
}

export const kubernetes: Protocol = {
  name: 'kubernetes',
  aliases: ['k8s'],
  title: 'Kubernetes events',
  snapshotToleranceMs: 0,
  senders: [
    {
      name: 'kubernetes-event-exporter',
      versionSeen: null,
      tested: 'specification',
      gives: ['log'],
      file: 'config.yaml',
      configuration: (url, token) =>
        [
          'route: { routes: [{ match: [{ receiver: oomscope, reason: "OOMKilling|SystemOOM|Evicted|BackOff|Killing" }] }] }',
          'receivers:',
          '  - name: oomscope',
          '    webhook:',
          `      endpoint: ${url}/api/ingest/kubernetes`,
          `      headers: { Authorization: "Bearer ${token}" }`,
        ].join('\n'),
      remark: "An event tells of a kill and seldom of its report: ship the nodes' kernel log too.",
    },
  ],
  decode,
  accept: () => noContent,
}
