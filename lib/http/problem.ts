import { type AppError, ERROR_CODES, type ErrorCode, type ErrorDetail } from '@/lib/errors'
import { routes } from '@/lib/routes'

/** RFC 9457, `application/problem+json`. */
export function problem(
  code: ErrorCode,
  detail: string,
  errors: ErrorDetail[] = [],
  retryAfterSeconds: number | null = null,
): Response {
  const { status, title } = ERROR_CODES[code]
  const body = { type: routes.problem(code), title, status, detail, ...(errors.length > 0 ? { errors } : {}) }
  return Response.json(body, {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(code === 'unauthorized' ? { 'www-authenticate': 'Bearer realm="oomscope"' } : {}),
      ...(retryAfterSeconds === null ? {} : { 'retry-after': String(retryAfterSeconds) }),
    },
  })
}

export function problemOf(error: AppError): Response {
  return problem(error.code, error.detail, error.errors, error.retryAfterSeconds)
}
