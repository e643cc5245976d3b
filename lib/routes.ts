import { z } from 'zod'

// In a page the content policy refuses compiled code, and reports the attempt; schemas are interpreted there.
if ('document' in globalThis) z.config({ jitless: true })

/** Every address of the product, and the reading of every search parameter. */
export const routes = {
  overview: () => '/',
  incidents: (search: Record<string, string | null | undefined> = {}) => withSearch('/incidents', search),
  incident: (incidentId: string, search: Record<string, string | null | undefined> = {}) =>
    withSearch(`/incidents/${encodeURIComponent(incidentId)}`, search),
  hosts: () => '/hosts',
  host: (hostname: string, search: Record<string, string | null | undefined> = {}) =>
    withSearch(`/hosts/${encodeURIComponent(hostname)}`, search),
  hostEvents: (hostname: string) => `/api/v1/hosts/${encodeURIComponent(hostname)}/events`,
  upload: () => '/upload',
  uploadReceipt: (uploadId: string, line?: number) =>
    `/uploads/${encodeURIComponent(uploadId)}${line ? `?line=${line}#L${line}` : ''}`,
  share: (token: string) => `/s/${encodeURIComponent(token)}`,
  /** The incident of a shared link as a file. */
  shareFile: (token: string, form: 'json' | 'md') => `/s/${encodeURIComponent(token)}/incident.${form}`,
  /** What a link to this incident would show, before it is made. */
  sharePreview: (incidentId: string, isRedacted: boolean) =>
    withSearch(`/incidents/${encodeURIComponent(incidentId)}/share-preview`, { names: isRedacted ? null : 'shown' }),
  incidentMarkdown: (incidentId: string) => `/api/v1/incidents/${encodeURIComponent(incidentId)}/markdown`,
  tokens: () => '/settings/tokens',
  shares: () => '/settings/shares',
  agents: () => '/settings/agents',
  api: () => '/settings/api',
  openApi: () => '/api/openapi.json',
  account: () => '/settings/account',
  users: () => '/settings/users',
  audit: (cursor?: string) => withSearch('/settings/audit', { cursor }),
  invitation: (key: string) => withSearch('/invitation', { key }),
  signIn: (next?: string) => withSearch('/sign-in', { next }),
  setUp: (secret: string) => withSearch('/set-up', { key: secret }),
  problem: (code: string) => `/problems/${code}`,
} as const

function withSearch(path: string, search: Record<string, string | null | undefined>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => !!entry[1])
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`
}

/** Search parameters as Next hands them over. */
export type Search = Record<string, string | string[] | undefined>

const range = z.object({ from: z.coerce.number().int(), to: z.coerce.number().int() }).refine((r) => r.from < r.to)

/** `from` and `to` in milliseconds; null when absent or not a range. */
export function parseRange(search: Search): { from: number; to: number } | null {
  const parsed = range.safeParse(search)
  return parsed.success ? parsed.data : null
}

const HOUR = 3_600_000

/** Spans of a host's charts that end now, by their names in the address. */
export const HOST_SPANS = {
  '1h': HOUR,
  '6h': 6 * HOUR,
  '24h': 24 * HOUR,
  '7d': 7 * 24 * HOUR,
  '30d': 30 * 24 * HOUR,
  '1y': 365 * 24 * HOUR,
} as const
export type HostSpan = keyof typeof HOST_SPANS

const hostSpan = z.object({ last: z.enum(Object.keys(HOST_SPANS) as HostSpan[]).catch('24h') })

/** The span that `last` names; a day when it names none. */
export function parseHostSpan(search: Search): HostSpan {
  return hostSpan.parse(search).last
}

/** Whose clock times are told by. */
export type ZoneChoice = 'host' | 'utc' | 'browser'
/** How much time the charts of an incident show when no range is given. */
export type Span = 'incident' | '3h' | '24h'

const view = z.object({
  tz: z.enum(['host', 'utc', 'browser']).catch('host'),
  /** Null: what suits the incident. */
  span: z.enum(['incident', '3h', '24h']).nullable().catch(null),
  kill: z.coerce.number().int().min(0).catch(0),
  show: z.enum(['key', 'all', 'kills', 'reports', 'signs', 'notes']).catch('key'),
  view: z.enum(['chart', 'table']).catch('chart'),
})

export type IncidentView = z.infer<typeof view>

/** What the incident page shows; whatever is absent or wrong falls back to the first view. */
export function parseIncidentView(search: Search): IncidentView {
  return view.parse(search)
}

const positive = z.coerce.number().int().min(1)

/** A line number, 1-based; null when absent or not one. */
export function parseLine(search: Search): number | null {
  const parsed = positive.safeParse(search.line)
  return parsed.success ? parsed.data : null
}

/** One word of a search parameter; null when absent, empty or repeated. */
export function parseText(search: Search, name: string): string | null {
  const value = search[name]
  return typeof value === 'string' && value.trim() !== '' ? value.trim().slice(0, 200) : null
}
