import { z } from 'zod'
import { isUnavailable } from '@/lib/db/trouble'
import { AppError } from '@/lib/errors'
import { log, loggedPath } from '@/lib/http/log'
import { problem, problemOf } from '@/lib/http/problem'

const RETRY_AFTER_SECONDS = 5

/**
 * A route handler whose expected failures leave as problem+json: what it throws as AppError, values that do not fit
 * their schema (400), a database that cannot be reached (503). Everything else is a bug: logged, and a bare 500.
 */
export function route<Context, Asked extends Pick<Request, 'method' | 'url'> = Request>(
  handler: (request: Asked, context: Context) => Promise<Response>,
): (request: Asked, context: Context) => Promise<Response> {
  return async (request, context) => {
    try {
      return await handler(request, context)
    } catch (error) {
      return answerFailure(request, error)
    }
  }
}

function answerFailure(request: Pick<Request, 'method' | 'url'>, error: unknown): Response {
  if (error instanceof AppError) return problemOf(error)
  if (error instanceof z.ZodError) {
    return problem('invalid', 'Some values do not fit.', error.issues.map(toDetail))
  }
  if (isUnavailable(error)) {
    log.warn(
      { reason: error instanceof Error ? error.message.trim() : String(error) },
      'the database cannot be reached',
    )
    return problem(
      'unavailable',
      'The database cannot be reached. Send this again in a moment.',
      [],
      RETRY_AFTER_SECONDS,
    )
  }
  log.error({ error, method: request.method, path: loggedPath(request.url) }, 'a request failed')
  return Response.json(
    { type: 'about:blank', title: 'Internal Server Error', status: 500 },
    { status: 500, headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' } },
  )
}

function toDetail({ path, message }: z.core.$ZodIssue) {
  return { pointer: `#${path.map((part) => `/${String(part)}`).join('')}`, detail: message }
}
