import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'

const isDev = env.NODE_ENV === 'development'

/** Headers of pages. Who may see what is decided where data is read, never here. */
export function proxy(request: NextRequest): NextResponse {
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64')
  const policy = contentPolicy(nonce)
  // Next reads the nonce for its own scripts out of the policy on the request.
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  if (env.PUBLIC_URL?.startsWith('https:')) {
    response.headers.set('strict-transport-security', 'max-age=31536000')
  }
  if (request.nextUrl.pathname.startsWith('/s/')) {
    response.headers.set('referrer-policy', 'no-referrer')
    response.headers.set('x-robots-tag', 'noindex, nofollow, noarchive')
    response.headers.set('cache-control', 'private, no-store')
  }
  return response
}

function contentPolicy(nonce: string): string {
  return [
    "default-src 'self'",
    // Reloading in development evaluates text and talks over a web socket.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${isDev ? " 'unsafe-eval'" : ''}`,
    // A style attribute (`style={…}`) carries no nonce; it can change looks, not run anything.
    isDev ? "style-src 'self' 'unsafe-inline'" : `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    `connect-src 'self'${isDev ? ' ws:' : ''}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')
}

export const config = {
  // With a proxy in its way a body is cut at 10 MB and the handler answers 200 all the same: all of /api/ stays out.
  matcher: ['/((?!api/|_next/static|samples/|healthz|readyz|favicon.ico).*)'],
}
