/** Where programs send to; the addresses of pages are left to Next, which leads browsers to the plain one. */
const OF_PROGRAMS = /^\/+(?:api|_bulk|_cat)(?:\/|\?|$)/

/**
 * The address without slashes that an address and a path were joined with twice, or that stand at its end. Next answers
 * those with a redirect, which few senders follow.
 */
export function withoutSpareSlashes(url: string): string {
  if (!OF_PROGRAMS.test(url)) return url
  const query = url.indexOf('?')
  const path = query < 0 ? url : url.slice(0, query)
  return path.replace(/\/{2,}/g, '/').replace(/\/$/, '') + (query < 0 ? '' : url.slice(query))
}
