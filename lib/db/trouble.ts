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
  return error.cause !== undefined && isUnavailable(error.cause)
}
