import { z } from 'zod'

/** Every address of the product, and the reading of every search parameter. */
export const routes = {
  overview: () => '/',
  incidents: (search: Record<string, string | null | undefined> = {}) => withSearch('/incidents', search),
  incident: (incidentId: string, search: Record<string, string | null | undefined> = {}) =>
    withSearch(`/incidents/${encodeURIComponent(incidentId)}`, search),
  hosts: () => '/hosts',
  host: (hostname: string, search: Record<string, string | null | undefined> = {}) =>
    withSearch(`/hosts/${encodeURIComponent(hostname)}`, search),
  upload: () => '/upload',
  uploadReceipt: (uploadId: string, line?: number) =>
    `/uploads/${encodeURIComponent(uploadId)}${line ? `?line=${line}#L${line}` : ''}`,
  share: (token: string) => `/s/${encodeURIComponent(token)}`,
  tokens: () => '/settings/tokens',
  shares: () => '/settings/shares',
  signIn: (next?: string) => withSearch('/sign-in', { next }),
  setUp: (secret: string) => withSearch('/set-up', { key: secret }),
  problem: (code: string) => `/problems/${code}`,
} as const

function withSearch(path: string, search: Record<string, string | null | undefined>): string {
  const entries = Object.entries(search).filter((entry): entry is [string, string] => !!entry[1])
  return entries.length === 0 ? path : `${path}?${new URLSearchParams(entries)}`
}

const range = z.object({ from: z.coerce.number().int(), to: z.coerce.number().int() }).refine((r) => r.from < r.to)

/** `from` and `to` in milliseconds; null when absent or not a range. */
export function parseRange(search: Record<string, string | string[] | undefined>): { from: number; to: number } | null {
  const parsed = range.safeParse(search)
  return parsed.success ? parsed.data : null
}
