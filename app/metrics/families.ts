import type { InstanceFigures } from '@/lib/db/instance-figures'
import type { IngestTally } from '@/lib/http/ingest-tally'
import type { MetricFamily } from '@/lib/http/prometheus-text'

/** What the web process says of itself. */
export interface ProcessFigures {
  residentBytes: number
  cpuSeconds: number
  startedAtSeconds: number
}

const UPLOAD_STATES = ['receiving', 'received', 'reading', 'read', 'failed']

/** The families of `/metrics`. What is counted in the database is the instance's, the rest this process's. */
export function metricFamilies(
  figures: InstanceFigures,
  tally: IngestTally,
  { residentBytes, cpuSeconds, startedAtSeconds }: ProcessFigures,
): MetricFamily[] {
  const uploads = new Map(figures.uploads.map(({ state, count }) => [state, count]))
  return [
    counter(
      'oomscope_oom_kills_total',
      'Kills known of each host; fewer after an upload is deleted.',
      figures.kills.map(({ host, comm, constraint, count }) => ({
        labels: { host, comm: comm ?? '', constraint: constraint ?? 'unknown' },
        value: count,
      })),
    ),
    gauge(
      'oomscope_incidents',
      'Incidents of each host by what ran out.',
      figures.incidents.map(({ host, class: cause, count }) => ({ labels: { host, class: cause }, value: count })),
    ),
    gauge('oomscope_hosts', 'Hosts anything is known of.', [{ value: figures.hosts }]),
    gauge(
      'oomscope_uploads',
      'Uploads and streams of lines by state; those received wait to be read.',
      UPLOAD_STATES.map((state) => ({ labels: { state }, value: uploads.get(state) ?? 0 })),
    ),
    gauge(
      'oomscope_oldest_waiting_upload_seconds',
      'How long the oldest upload has waited to be read; 0 when none does.',
      [{ value: figures.oldestWaitingSeconds ?? 0 }],
    ),
    gauge(
      'oomscope_stream_lines',
      'Lines of streams of the last days: kept, or dropped because nothing near them tells of memory.',
      figures.streams.flatMap(({ source, kept, dropped }) => [
        { labels: { source, outcome: 'kept' }, value: kept },
        { labels: { source, outcome: 'dropped' }, value: dropped },
      ]),
    ),
    gauge('oomscope_database_bytes', 'Size of the database.', [{ value: figures.databaseBytes }]),
    counter(
      'oomscope_ingest_requests_total',
      'Requests of senders that this process answered, by protocol and status.',
      tally.answers.map(({ protocol, status, count }) => ({
        labels: { protocol, status: String(status) },
        value: count,
      })),
    ),
    counter(
      'oomscope_ingest_refused_parts_total',
      'Lines and values of accepted requests that can never be stored; the answer said why.',
      tally.refusedParts.map(({ protocol, count }) => ({ labels: { protocol }, value: count })),
    ),
    gauge('process_resident_memory_bytes', 'Resident memory of the web process.', [{ value: residentBytes }]),
    counter('process_cpu_seconds_total', 'Processor time of the web process.', [{ value: cpuSeconds }]),
    gauge('process_start_time_seconds', 'When the web process began, in seconds since 1970.', [
      { value: startedAtSeconds },
    ]),
  ]
}

function counter(name: string, help: string, samples: MetricFamily['samples']): MetricFamily {
  return { name, help, type: 'counter', samples }
}

function gauge(name: string, help: string, samples: MetricFamily['samples']): MetricFamily {
  return { name, help, type: 'gauge', samples }
}
