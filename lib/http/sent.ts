/**
 * What a handler reads of a request: of one that came through Next, which is a web `Request`, and of one that our own
 * server hands over as it is (server/senders.ts).
 */
export interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  /** Aborted when the sender goes away. */
  readonly signal: AbortSignal
  /** Null where there is none. */
  readonly body: AsyncIterable<Uint8Array> | null
}
