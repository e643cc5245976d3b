import { env } from '@/lib/env'

/** The addresses under which this very request reached us: its own Host, and the public one. */
export function ownOrigins(headers: Headers): string[] {
  const host = headers.get('host')
  const own = host ? [`http://${host}`, `https://${host}`] : []
  return env.PUBLIC_URL ? [...own, new URL(env.PUBLIC_URL).origin] : own
}

/** How links to this instance begin, without a slash at the end: the configured address, else the one the request came to. */
export function publicUrl(headers: Headers): string {
  return env.PUBLIC_URL ?? `http://${headers.get('host') ?? `${env.HOST}:${env.PORT}`}`
}

/**
 * False while the server listens on loopback and no public address is configured: links then open on this machine
 * only, and `HOST` or `PUBLIC_URL` change that.
 */
export function isReachableByOthers(): boolean {
  return env.PUBLIC_URL !== undefined || !/^(127\.|localhost$|::1$|\[::1\]$)/.test(env.HOST)
}
