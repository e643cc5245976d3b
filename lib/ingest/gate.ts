import { AppError } from '@/lib/errors'

/** How much work is done at once, and how much may wait for it. */
export interface GateLimits {
  /** Together; leaves connections for those who read. */
  running: number
  /** Running and waiting together: beyond it everybody is asked to come back. */
  admitted: number
  /** Of one sender: beyond it only that one is asked. */
  admittedOfOne: number
}

const RETRY_AFTER_SECONDS = 2

/** Bounds the work in flight, so that an overload is refused at once instead of filling memory. */
export class Gate {
  private running = 0
  private readonly waiting: (() => void)[] = []
  private readonly bySender = new Map<string, number>()

  constructor(private readonly limits: GateLimits) {}

  /**
   * Runs `work` when there is room.
   *
   * @throws AppError 'too-many-requests' when this sender has too much in flight, 'unavailable' when all together have
   */
  async pass<T>(sender: string, work: () => Promise<T>): Promise<T> {
    const own = this.bySender.get(sender) ?? 0
    if (own >= this.limits.admittedOfOne) {
      throw new AppError(
        'too-many-requests',
        `${own} requests of yours are in work. Send this again in a moment.`,
        [],
        RETRY_AFTER_SECONDS,
      )
    }
    if (this.running + this.waiting.length >= this.limits.admitted) {
      throw new AppError(
        'unavailable',
        'Too many batches are in work. Send this again in a moment.',
        [],
        RETRY_AFTER_SECONDS,
      )
    }
    this.bySender.set(sender, own + 1)
    try {
      await this.enter()
      try {
        return await work()
      } finally {
        this.leave()
      }
    } finally {
      const left = (this.bySender.get(sender) ?? 1) - 1
      if (left === 0) this.bySender.delete(sender)
      else this.bySender.set(sender, left)
    }
  }

  private enter(): Promise<void> {
    if (this.running < this.limits.running) {
      this.running += 1
      return Promise.resolve()
    }
    return new Promise((resolve) => this.waiting.push(resolve))
  }

  /** Hands the place on, so that nobody comes between. */
  private leave(): void {
    const next = this.waiting.shift()
    if (next) next()
    else this.running -= 1
  }
}
