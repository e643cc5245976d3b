import { alertmanager } from '@/lib/ingest/protocols/alertmanager'
import { collectd } from '@/lib/ingest/protocols/collectd'
import { elasticsearch } from '@/lib/ingest/protocols/elasticsearch'
import { influx } from '@/lib/ingest/protocols/influx'
import { journald } from '@/lib/ingest/protocols/journald'
import { kubernetes } from '@/lib/ingest/protocols/kubernetes'
import { loki } from '@/lib/ingest/protocols/loki'
import { netdata } from '@/lib/ingest/protocols/netdata'
import { otlp } from '@/lib/ingest/protocols/otlp'
import { prometheus } from '@/lib/ingest/protocols/prometheus'
import type { Protocol, StreamedProtocol } from '@/lib/ingest/protocols/protocol'
import { records } from '@/lib/ingest/protocols/records'
import { splunk } from '@/lib/ingest/protocols/splunk'

/** Every way in but our own, in the order in which the compatibility page shows them. */
export const PROTOCOLS: readonly (Protocol | StreamedProtocol)[] = [
  journald,
  otlp,
  prometheus,
  loki,
  records,
  elasticsearch,
  influx,
  collectd,
  netdata,
  splunk,
  alertmanager,
  kubernetes,
]

const BY_NAME = new Map(
  PROTOCOLS.flatMap((protocol) => [protocol.name, ...protocol.aliases].map((name) => [name, protocol] as const)),
)

/** The protocol of `/api/ingest/<name>`; null when there is none. */
export function findProtocol(name: string): Protocol | StreamedProtocol | null {
  return BY_NAME.get(name.toLowerCase()) ?? null
}

export function isStreamed(protocol: Protocol | StreamedProtocol): protocol is StreamedProtocol {
  return 'createReader' in protocol
}
