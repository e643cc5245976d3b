import { createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** Whom the provider says to have signed in. */
export interface Person {
  sub: string
  name: string
  email: string
  email_verified: boolean
}

export interface OidcProvider {
  issuer: string
  /** Whom the next visitors are. */
  person: Person
  /** What the token endpoint was sent last. */
  lastExchange: URLSearchParams | null
  /** Signs the next ID tokens with a key nobody published. */
  isForging: boolean
  stop(): Promise<void>
}

/** A small OpenID Connect provider that signs anyone in as `person`, for tests of the way there and back. */
export async function startOidcProvider(person: Person, clientId: string): Promise<OidcProvider> {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const nonces = new Map<string, string>()
  const provider: OidcProvider = { issuer: '', person, lastExchange: null, isForging: false, stop }

  async function answer(request: IncomingMessage): Promise<{ status: number; location?: string; body?: unknown }> {
    const url = new URL(request.url ?? '/', provider.issuer)
    if (url.pathname === '/.well-known/openid-configuration') return { status: 200, body: discovery(provider.issuer) }
    if (url.pathname === '/keys') {
      return { status: 200, body: { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256' }] } }
    }
    if (url.pathname === '/authorize') {
      const code = randomBytes(8).toString('hex')
      nonces.set(code, url.searchParams.get('nonce') ?? '')
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', code)
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      return { status: 302, location: back.href }
    }
    if (url.pathname !== '/token') return { status: 404 }
    provider.lastExchange = new URLSearchParams(await text(request))
    const nonce = nonces.get(provider.lastExchange.get('code') ?? '')
    if (nonce === undefined) return { status: 400, body: { error: 'invalid_grant' } }
    const now = Math.floor(Date.now() / 1000)
    const claims = { ...provider.person, iss: provider.issuer, aud: clientId, iat: now, exp: now + 300, nonce }
    const { privateKey } = provider.isForging ? stranger : keys
    const signed = `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(claims)}`
    const signature = createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')
    const body = { access_token: 'access-of-the-provider', token_type: 'Bearer', id_token: `${signed}.${signature}` }
    return { status: 200, body }
  }

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, location, body }) => {
        response.writeHead(status, { 'content-type': 'application/json', ...(location ? { location } : {}) })
        response.end(body === undefined ? '' : JSON.stringify(body))
      },
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a TCP address, so the address is not a string.
  provider.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function stop(): Promise<void> {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(() => resolve()))
  }
  return provider
}

function discovery(issuer: string) {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/keys`,
    id_token_signing_alg_values_supported: ['RS256'],
    response_types_supported: ['code'],
    subject_types_supported: ['public'],
  }
}

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
