/** Where a token stands in an address: `/api/ingest/journald/t/TOKEN/upload`. */
export interface WirePath {
  token: string | null
  /** What the sender appended, without the token and slashes at its ends. */
  path: string
}

export function splitPath(segments: readonly string[]): WirePath {
  if (segments[0] !== 't' || segments[1] === undefined) return { token: null, path: segments.join('/') }
  return { token: segments[1], path: segments.slice(2).join('/') }
}

/** Headers in which single products carry their key. */
const KEY_HEADERS = ['dd-api-key', 'x-api-key', 'api-key', 'x-oomscope-token']

/**
 * The token of a request, in whichever place its sender can put one: `Authorization` with Bearer, Basic (as password, or
 * as user without one), Splunk, Token or ApiKey; a vendor's own header; the address. Null when there is none.
 */
export function sentToken(headers: Headers, query: URLSearchParams, inPath: string | null): string | null {
  const [, scheme = '', credentials = ''] = /^(\S+)\s+(\S+)\s*$/.exec(headers.get('authorization') ?? '') ?? []
  switch (scheme.toLowerCase()) {
    case 'bearer':
    case 'splunk':
    case 'token':
      return credentials
    case 'basic':
      return passwordOf(credentials)
    case 'apikey':
      // Elasticsearch's clients send `id:key` in Base64, others the key as it is.
      return credentials.startsWith('oom_') ? credentials : passwordOf(credentials)
  }
  for (const name of KEY_HEADERS) {
    const value = headers.get(name)
    if (value) return value
  }
  // InfluxDB 1.x puts user and password into the address.
  return inPath ?? query.get('p')
}

/** The password of `user:password` in Base64, or the user when there is no password; null when it is no such pair. */
function passwordOf(base64: string): string | null {
  const text = Buffer.from(base64, 'base64').toString('latin1')
  if (!/^[\x20-\x7e]*$/.test(text)) return null
  const colon = text.indexOf(':')
  if (colon < 0) return text === '' ? null : text
  return text.slice(colon + 1) || text.slice(0, colon) || null
}
