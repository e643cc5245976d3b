import type { ContainerReading } from '@/lib/ingest/protocols/protocol'

/** Pods whose node is remembered, of all senders together; the longest untold are forgotten first. */
const MOST_PODS = 50_000
const nodes = new Map<string, string>()

/**
 * Gives readings of pods their node. kube-state-metrics names it in some series of a pod only, and they may come in
 * another request of the scrape; it tells all of them again with the next.
 *
 * @param told nodes by namespace and pod, as this request tells them
 * @returns readings with a host; those whose node is not known yet are left out
 */
export function placePods(
  senderId: string,
  readings: readonly ContainerReading[],
  told: ReadonlyMap<string, string>,
): (ContainerReading & { host: string })[] {
  for (const [pod, node] of told) {
    const key = `${senderId} ${pod}`
    nodes.delete(key)
    nodes.set(key, node)
  }
  for (const oldest of nodes.keys()) {
    if (nodes.size <= MOST_PODS) break
    nodes.delete(oldest)
  }
  return readings.flatMap((reading) => {
    const pod = reading.name?.split('/').slice(0, 2).join('/')
    const host = reading.host ?? nodes.get(`${senderId} ${pod}`)
    return host === undefined ? [] : [{ ...reading, host }]
  })
}
