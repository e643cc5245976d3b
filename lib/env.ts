import { z } from 'zod'

const environment = z.object({
  NODE_ENV: z.string().default('development'),
  /** Set by the launcher when it runs the embedded server; the user's own otherwise. */
  DATABASE_URL: z.string().optional(),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  /** A second port with a parser that bears Netdata's requests with a password; none unless set. */
  OOMSCOPE_NETDATA_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
  /** How others reach this instance, without a slash at the end; from the request when unset. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  /** Folder of database, secret and lock. */
  OOMSCOPE_DATA: z.string().default('data'),
  OOMSCOPE_SECRET: z.string().min(32).optional(),
  OOMSCOPE_SECRET_FILE: z.string().optional(),
  /** `read` lets anyone who reaches this instance read everything on it; nobody without an account writes. */
  OOMSCOPE_ANONYMOUS: z.enum(['off', 'read']).default('off'),
  /** An OpenID Connect provider; signing in through it is offered when issuer and client id are set. */
  OOMSCOPE_OIDC_ISSUER: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  OOMSCOPE_OIDC_CLIENT_ID: z.string().min(1).optional(),
  /** Left out for a public client, which PKCE alone protects. */
  OOMSCOPE_OIDC_CLIENT_SECRET: z.string().min(1).optional(),
  /** What the button calls the provider. */
  OOMSCOPE_OIDC_NAME: z.string().min(1).max(60).default('single sign-on'),
  /** Role of an account that the provider's first sign-in makes; `none` admits only people who have one. */
  OOMSCOPE_OIDC_ROLE: z.enum(['none', 'viewer', 'member', 'admin']).default('viewer'),
  /** Largest body of an upload, in bytes as sent and as expanded. */
  OOMSCOPE_UPLOAD_LIMIT: z.coerce
    .number()
    .int()
    .positive()
    .default(1024 ** 3),
  OOMSCOPE_EXPANDED_LIMIT: z.coerce
    .number()
    .int()
    .positive()
    .default(2 * 1024 ** 3),
  /** Days that samples, processes and cgroups are kept as measured; uploads and the hours around an incident stay. */
  OOMSCOPE_RAW_DAYS: z.coerce.number().int().min(1).default(14),
  /** Days that rollups by 1 minute and by 10 minutes are kept; those by the hour stay. */
  OOMSCOPE_MINUTE_DAYS: z.coerce.number().int().min(1).default(90),
  OOMSCOPE_TEN_MINUTE_DAYS: z.coerce.number().int().min(1).default(365),
  /** Days after which a shared link expires at the latest. */
  OOMSCOPE_SHARE_DAYS: z.coerce.number().int().min(1).max(3650).default(365),
  /** `pino` level: trace, debug, info, warn, error, silent. */
  LOG_LEVEL: z.string().default('info'),
})

/** The settings of this process, read once. An invalid one stops it with the name of the variable. */
export const env = environment.parse(process.env)
