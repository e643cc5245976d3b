import type { AppError } from '@/lib/errors'
import type { ProcessRow } from '@/lib/metrics/process'
import type { SampleField } from '@/lib/metrics/sample'
import type { Bytes, EpochMs } from '@/lib/units'

/** One request of a foreign sender, its content encoding undone. Nothing in `headers` is to be trusted. */
export interface WireRequest {
  method: string
  /** What the sender appended to `/api/ingest/<protocol>`, without slashes at its ends; a token in it is taken out. */
  path: string
  query: URLSearchParams
  headers: { get(name: string): string | null }
  body: Uint8Array
  receivedAt: EpochMs
}

/** One line of a log, whoever carried it. Null is what the sender did not say. */
export interface WireLine {
  host: string | null
  /** Nanoseconds since 1970, exact where the sender was; null when the line has no time that can be placed. */
  atNs: bigint | null
  /** `kernel`, `systemd`, …; null leaves the kernel possible. */
  program: string | null
  pid: number | null
  /** Severity 0 (emergency) to 7 (debug). */
  priority: number | null
  /** Boot id as the journal writes it: 32 hexadecimal digits. */
  bootId: string | null
  /** Microseconds since boot at which the source wrote the line. */
  monotonicUs: number | null
  /** The message, without its envelope; one line. */
  text: string
  /** What makes it the same line when it is sent again, where that is not its time and text. */
  key?: string
}

/** Counters of the kernel that senders pass on as totals since boot; a rate needs the value before. */
export type CounterName =
  | 'swapInPages'
  | 'swapOutPages'
  | 'swapInBytes'
  | 'swapOutBytes'
  | 'majorFaults'
  | 'allocStalls'
  | 'oomKills'
  | 'memoryWaitingSeconds'
  | 'memoryStalledSeconds'

/** One value of one host at one instant: a level that is stored as it is, or a counter. */
export type Reading = { host: string; at: EpochMs } & (
  | { field: SampleField; value: number }
  | { counter: CounterName; value: number }
)

/** Totals of a cgroup since it was made. */
export type ContainerTotal = 'oomKills' | 'limitHits'

/** What a cgroup holds of memory, and how much it may. */
export type ContainerLevel = 'usage' | 'workingSet' | 'rss' | 'cache' | 'swap' | 'limit'

/** What one series tells of a container or another memory cgroup at one instant. Amounts in bytes. */
export type ContainerReading = {
  /** The machine it runs on; null for a pod of which another series tells the node (`Decoded.nodes`). */
  host: string | null
  at: EpochMs
  /** Path of the cgroup from the root of its hierarchy; null when the sender knows the container by its name only. */
  path: string | null
  /** Namespace, pod and container (`shop/cart-7d9/app`), or a container's own name; null where only the path is told. */
  name: string | null
} & ({ level: ContainerLevel; value: number } | { total: ContainerTotal; value: number } | { isOomKilled: boolean })

/** A name by which a sender calls a machine (`10.0.0.7:9100`), and the machine's own. */
export interface HostIdentity {
  name: string
  /** Other names under which the same sender may have told of it. */
  aliases: string[]
  machineId: string | null
  /** Of its kernel's pages; `several` where its architecture leaves a choice, null when the architecture is not told. */
  pageSizeBytes: Bytes | 'several' | null
}

/** The processes of a host at one instant. */
export interface ProcessList {
  host: string
  at: EpochMs
  rows: ProcessRow[]
}

/** What one request says, whichever protocol carried it. */
export interface Decoded {
  lines: WireLine[]
  readings: Reading[]
  identities: HostIdentity[]
  processes: ProcessList[]
  containers: ContainerReading[]
  /** The node of each pod that the request places, by namespace and pod. */
  nodes: Map<string, string>
  /** Parts that can never be stored, with the reason as a sentence. */
  refused: { count: number; why: string }[]
  /** Worth telling the sender, nothing was lost. */
  remarks: string[]
  /** Items that the answer must account for one by one (documents, records, series); 0 where none are asked for. */
  items: number
}

export function nothingDecoded(): Decoded {
  return {
    lines: [],
    readings: [],
    identities: [],
    processes: [],
    containers: [],
    nodes: new Map(),
    refused: [],
    remarks: [],
    items: 0,
  }
}

/** What an answer is made of. A null body has no content type. */
export interface Answer {
  status: number
  contentType: string | null
  body: string | Uint8Array | null
  headers?: Record<string, string>
}

export const noContent: Answer = { status: 204, contentType: null, body: null }

export function jsonAnswer(status: number, body: unknown): Answer {
  return { status, contentType: 'application/json', body: JSON.stringify(body) }
}

/** Where a sender is pointed at us: what people copy, and what the compatibility page says. */
export interface Sender {
  name: string
  /** Version whose requests were seen; null when only its documentation was read. */
  versionSeen: string | null
  /** `live`: the suite runs the sender itself where it is installed; `captured`: requests of it are among the fixtures. */
  tested: 'live' | 'captured' | 'specification'
  gives: ('log' | 'memory' | 'processes' | 'alerts')[]
  /** Syntax of `configuration`, for highlighting and the file to put it in. */
  file: string
  /** Lines to copy. `url` has no slash at its end; `netdataPort` is the one with the lenient parser. */
  configuration(url: string, token: string, netdataPort: number): string
  /** What people must know before they copy; null when nothing. */
  remark: string | null
}

/** A protocol whose bodies end: read whole, then decoded. */
export interface Protocol {
  /** Segment of the path after `/api/ingest/`. */
  name: string
  /** Other segments that mean the same. */
  aliases: readonly string[]
  title: string
  senders: readonly Sender[]
  /**
   * Understands one request. Pure: the same request gives the same answer.
   *
   * @throws AppError `invalid`, `unsupported-type`, `not-found`: what can never succeed
   */
  decode(request: WireRequest): Decoded
  /** The answer once everything decoded is durable. */
  accept(request: WireRequest, decoded: Decoded): Answer
  /** The protocol's own words for a failure; left out: problem+json. */
  refuse?(request: WireRequest, problem: AppError): Answer
  /** Answers what is asked before data is sent (health checks, versions); null: not such a request. No token needed. */
  greet?(request: Omit<WireRequest, 'body'>): Answer | null
  /** True where bodies are snappy blocks, with or without a header that says so. */
  expectsSnappy?: boolean
  /** Readings this far apart belong to one instant, in milliseconds: plugins of one interval have clocks of their own. */
  snapshotToleranceMs: number
}

/** A protocol whose request stays open: decoded as it arrives. */
export interface StreamedProtocol extends Omit<Protocol, 'decode'> {
  createReader(request: Omit<WireRequest, 'body'>): StreamReader
}

export interface StreamReader {
  /** What these bytes completed; what they began is kept for the next call. @throws AppError when it can never be read */
  push(bytes: Uint8Array): Decoded
  /** The body ended: what was begun is dropped and remarked on. */
  end(): Decoded
}
