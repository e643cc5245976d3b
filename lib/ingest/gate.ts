import { AppError } from '@/lib/errors'
import type { Bytes } from '@/lib/units'

/** How much work may be in flight. */
export interface GateLimits {
  /** Requests together: beyond it everybody is asked to come back. */
  requests: number
  /** Bodies together. */
  bytes: Bytes
  /** Requests of one sender: beyond it only that one is asked. */
  requestsOfOne: number
}

const RETRY_AFTER_SECONDS = 2

/** Bounds the work in flight, so that an overload is refused at once instead of filling memory. */
export class Gate {
  private requests = 0
  private bytes: Bytes = 0
  private readonly bySender = new Map<string, number>()

  constructor(private readonly limits: GateLimits) {}

  /**
   * Runs `work` if there is room.
   *
   * @param bytes of the body
   * @throws AppError 'too-many-requests' when this sender has too much in flight, 'unavailable' when all together have
   */
  async pass<T>({ sender, bytes }: { sender: string; bytes: Bytes }, work: () => Promise<T>): Promise<T> {
    const own = this.bySender.get(sender) ?? 0
    if (own >= this.limits.requestsOfOne) throw refusal('too-many-requests', `${own} requests of yours are in work.`)
    // A body larger than the limit passes when nothing else is in flight.
    const isFull = this.requests >= this.limits.requests || (this.bytes > 0 && this.bytes + bytes > this.limits.bytes)
    if (isFull) throw refusal('unavailable', 'Too many batches are in work.')
    this.requests += 1
    this.bytes += bytes
    this.bySender.set(sender, own + 1)
    try {
      return await work()
    } finally {
      this.requests -= 1
      this.bytes -= bytes
      const left = (this.bySender.get(sender) ?? 1) - 1
      if (left === 0) this.bySender.delete(sender)
      else this.bySender.set(sender, left)
    }
  }
}

function refusal(code: 'too-many-requests' | 'unavailable', why: string): AppError {
  return new AppError(code, `${why} Send this again in a moment.`, [], RETRY_AFTER_SECONDS)
}
