/**
 * True for failures that are the database's state and not the request's fault: connection lost or refused, server
 * starting or stopping, too many connections, disk full, deadlock (PostgreSQL classes 08, 53, 57, 40).
 */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? String(error.code) : ''
  if (/^(08|53|57|40)...$/.test(code) || /^(ECONN|EPIPE|ENOENT$|ETIMEDOUT)/.test(code)) return true
  // Prisma wraps the driver's error: P1xxx are connection failures, P2024 a pool that ran dry.
  if (/^(P1\d{3}|P2024|P2037)$/.test(code)) return true
  if (/Connection terminated|timeout exceeded when trying to connect/.test(error.message)) return true
  return isUnavailable(error.cause) || isUnavailable(wrappedByPrisma(error))
}

/** The driver's own error inside of Prisma's: an error of PostgreSQL keeps its code there. */
function wrappedByPrisma(error: Error): Error | null {
  const meta: unknown = 'meta' in error ? error.meta : null
  const adapterError: unknown = isRecord(meta) ? meta.driverAdapterError : null
  const cause: unknown = isRecord(adapterError) ? adapterError.cause : null
  if (!isRecord(cause)) return null
  return Object.assign(new Error(String(cause.originalMessage ?? '')), { code: cause.originalCode ?? cause.code })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
