import { betterAuth } from 'better-auth'
import { prismaAdapter } from 'better-auth/adapters/prisma'
import { oidcPlugin, roleOfNewAccount, withoutTokens } from '@/lib/auth/oidc'
import { sessionSecret } from '@/lib/auth/secret'
import { prisma } from '@/lib/db/client'
import { env } from '@/lib/env'
import { CLIENT_ADDRESS_HEADER } from '@/lib/http/headers'
import { log } from '@/lib/http/log'
import { ownOrigins } from '@/lib/http/public-url'
import { routes } from '@/lib/routes'

function build() {
  const isHttps = env.PUBLIC_URL?.startsWith('https:') ?? false
  return betterAuth({
    appName: 'oomscope',
    baseURL: env.PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`,
    basePath: '/api/auth',
    secret: sessionSecret(),
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    // Accounts with a password are made through one-time links and the command line only (lib/auth/accounts.ts).
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 200 },
    user: { additionalFields: { role: { type: 'string', required: false, defaultValue: 'member', input: false } } },
    // So what better-auth itself makes is the first sign-in through the OpenID Connect provider.
    databaseHooks: {
      user: { create: { before: async (user) => ({ data: { ...user, role: roleOfNewAccount() } }) } },
      account: {
        create: { before: async (account) => withoutTokens(account) },
        update: { before: async (account) => withoutTokens(account) },
      },
    },
    plugins: oidcPlugin(),
    // An account with a password and the provider's belong together when the provider says that it has verified the address.
    account: { accountLinking: { enabled: true, trustedProviders: [] } },
    onAPIError: { errorURL: routes.signIn() },
    session: { expiresIn: 14 * 24 * 3600, updateAge: 24 * 3600 },
    trustedOrigins: (request) => (request ? ownOrigins(request.headers) : []),
    rateLimit: {
      enabled: true,
      storage: 'database',
      window: 60,
      max: 300,
      customRules: { '/sign-in/email': { window: 60, max: 5 } },
    },
    advanced: {
      // Set by our own server from the socket, after removing what a client sent under this name.
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      // The prefix makes the browser keep the cookie on this very host over https; plain http may not use it.
      cookiePrefix: isHttps ? '__Host-oomscope' : 'oomscope',
      useSecureCookies: false,
      defaultCookieAttributes: { secure: isHttps, httpOnly: true, sameSite: 'lax', path: '/' },
    },
    telemetry: { enabled: false },
    logger: { level: 'error', log: (_level, message) => log.error({ message }, 'better-auth refused or failed') },
  })
}

let built: ReturnType<typeof build> | null = null

/** Built on first use: Next evaluates modules while it builds, when there is no secret yet. */
export function auth(): ReturnType<typeof build> {
  built ??= build()
  return built
}
