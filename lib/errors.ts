/** Codes are part of the agent contract (RFC 9457 `type`): add, never rename. */
export const ERROR_CODES = {
  invalid: { status: 400, title: 'The request is not valid' },
  unauthorized: { status: 401, title: 'Sign in, or send a valid token' },
  forbidden: { status: 403, title: 'This account or token may not do that' },
  'not-found': { status: 404, title: 'Not found' },
  conflict: { status: 409, title: 'The request conflicts with what is stored' },
  'too-large': { status: 413, title: 'The body is larger than the limit' },
  'unsupported-type': { status: 415, title: 'The content type or encoding is not supported' },
  implausible: { status: 422, title: 'The values are not plausible' },
  unreadable: { status: 422, title: 'The file was stored but could not be read' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available right now' },
} as const satisfies Record<string, { status: number; title: string }>

export type ErrorCode = keyof typeof ERROR_CODES

/** One refused part of a request: `pointer` is a JSON pointer or "line 12". */
export interface ErrorDetail {
  pointer: string
  detail: string
}

/** An expected failure: says what, where and what to do. Everything else that is thrown is a bug. */
export class AppError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string,
    readonly errors: ErrorDetail[] = [],
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(detail)
    this.name = 'AppError'
  }
}
