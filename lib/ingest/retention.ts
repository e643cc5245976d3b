import { applyRetention } from '@/lib/db/retention'

const EVERY_MS = 30 * 60_000

/**
 * Drops what has passed its time and makes partitions ahead, now and every half hour.
 *
 * @param onError a round that failed is tried again with the next one
 * @returns stops it
 */
export function keepRetention(onError: (error: unknown) => void): () => void {
  const round = () => void applyRetention(Date.now()).catch(onError)
  round()
  const timer = setInterval(round, EVERY_MS)
  return () => clearInterval(timer)
}
