interface Bucket {
  left: number
  at: number
}

/**
 * Turns per key, of which `perSecond` come back and `burst` can be saved up. Kept in this process's memory, for at most
 * `keys` keys: of more, the one used longest ago is forgotten, and begins anew with a full burst.
 */
export class RateLimit {
  private readonly buckets = new Map<string, Bucket>()

  constructor(private readonly limits: { perSecond: number; burst: number; keys: number }) {}

  /**
   * Takes one turn.
   *
   * @param now in milliseconds
   * @returns 0 when there was one, else whole seconds after which to come back
   */
  take(key: string, now: number): number {
    const { perSecond, burst, keys } = this.limits
    const known = this.buckets.get(key)
    // A clock that was set back gives nothing and takes nothing.
    const gained = known ? (Math.max(0, now - known.at) / 1000) * perSecond : 0
    const left = known ? Math.min(burst, known.left + gained) : burst
    // Last in the order of the map: the first one is the one used longest ago.
    this.buckets.delete(key)
    this.buckets.set(key, { left: left < 1 ? left : left - 1, at: now })
    if (this.buckets.size > keys) {
      for (const oldest of this.buckets.keys()) {
        this.buckets.delete(oldest)
        break
      }
    }
    return left < 1 ? Math.max(1, Math.ceil((1 - left) / perSecond)) : 0
  }
}
