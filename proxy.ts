import { type NextRequest, NextResponse } from 'next/server'
import { env } from '@/lib/env'
import { CLIENT_ADDRESS_HEADER } from '@/lib/http/headers'
import { RateLimit } from '@/lib/http/rate-limit'

const isDev = env.NODE_ENV === 'development'

// A link passed around in a chat is opened by many at once; guessing one takes more tries than there will ever be.
const ofShare = new RateLimit({ perSecond: 10, burst: 300, keys: 10_000 })
const ofAddress = new RateLimit({ perSecond: 5, burst: 150, keys: 10_000 })

/** Headers of pages, and how often shared links are opened. Who may see what is decided where data is read, never here. */
export function proxy(request: NextRequest): NextResponse {
  const isShare = request.nextUrl.pathname.startsWith('/s/')
  const waitSeconds = isShare ? secondsToWait(request) : 0
  if (waitSeconds > 0) {
    return new NextResponse('This link is opened too often. Try again in a moment.\n', {
      status: 429,
      headers: {
        'retry-after': String(waitSeconds),
        'content-type': 'text/plain; charset=utf-8',
        'cache-control': 'no-store',
      },
    })
  }
  const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(18))).toString('base64')
  const policy = contentPolicy(nonce)
  // Next reads the nonce for its own scripts out of the policy on the request.
  const headers = new Headers(request.headers)
  headers.set('content-security-policy', policy)
  headers.set('x-nonce', nonce)
  const response = NextResponse.next({ request: { headers } })
  response.headers.set('content-security-policy', policy)
  response.headers.set('permissions-policy', 'camera=(), microphone=(), geolocation=(), payment=(), usb=()')
  if (env.PUBLIC_URL?.startsWith('https:')) {
    response.headers.set('strict-transport-security', 'max-age=31536000')
    // Over plain http a browser ignores it, and complains.
    response.headers.set('cross-origin-opener-policy', 'same-origin')
  }
  if (isShare) {
    response.headers.set('referrer-policy', 'no-referrer')
    response.headers.set('x-robots-tag', 'noindex, nofollow, noarchive')
    response.headers.set('cache-control', 'private, no-store')
  }
  return response
}

function secondsToWait(request: NextRequest): number {
  const now = Date.now()
  const byAddress = ofAddress.take(request.headers.get(CLIENT_ADDRESS_HEADER) ?? '', now)
  // Only the token is the key: its page and its exports are one link.
  return byAddress || ofShare.take(request.nextUrl.pathname.split('/')[2] ?? '', now)
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
