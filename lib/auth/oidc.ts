import { genericOAuth } from 'better-auth/plugins/generic-oauth'
import type { Role } from '@/lib/auth/roles'
import { env } from '@/lib/env'

/** Under this name accounts are tied to the provider, and its addresses end: `/api/auth/callback/oidc`. */
export const OIDC_PROVIDER = 'oidc'

/** What the sign-in page calls the OpenID Connect provider; null when none is configured. */
export function oidcName(): string | null {
  return env.OOMSCOPE_OIDC_ISSUER && env.OOMSCOPE_OIDC_CLIENT_ID ? env.OOMSCOPE_OIDC_NAME : null
}

/** The provider of the environment, or nothing. A provider that does not answer now is asked again at a sign-in. */
export function oidcPlugin() {
  const { OOMSCOPE_OIDC_ISSUER: issuer, OOMSCOPE_OIDC_CLIENT_ID: clientId } = env
  if (!issuer || !clientId) return []
  return [
    genericOAuth({
      config: [
        {
          providerId: OIDC_PROVIDER,
          name: env.OOMSCOPE_OIDC_NAME,
          discoveryUrl: `${issuer}/.well-known/openid-configuration`,
          requireIdTokenVerification: true,
          clientId,
          clientSecret: env.OOMSCOPE_OIDC_CLIENT_SECRET,
          tokenEndpointAuth: env.OOMSCOPE_OIDC_CLIENT_SECRET ? undefined : { method: 'none' },
          scopes: ['openid', 'email', 'profile'],
          disableSignUp: env.OOMSCOPE_OIDC_ROLE === 'none',
        },
      ],
    }),
  ]
}

/** The role of an account that a first sign-in through the provider makes. */
export function roleOfNewAccount(): Role {
  return env.OOMSCOPE_OIDC_ROLE === 'none' ? 'viewer' : env.OOMSCOPE_OIDC_ROLE
}

/** An account tied to the provider, without the provider's tokens: nothing is asked of it after signing in. */
export function withoutTokens<Account extends object>(account: Account) {
  return { data: { ...account, accessToken: null, refreshToken: null, idToken: null } }
}
