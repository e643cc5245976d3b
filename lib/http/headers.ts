/** Set by server/web.ts on every request from what it sees itself; what a client sends under these names is removed. */
export const CLIENT_ADDRESS_HEADER = 'x-oomscope-client'
/** Path and query as requested, for the way back after signing in. */
export const REQUESTED_PATH_HEADER = 'x-oomscope-path'
