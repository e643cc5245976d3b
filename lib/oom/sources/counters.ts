import type { OomReader, OomSource } from '@/lib/oom/source'

// "the kernel counted 2 OOM kills (oom_kill 1 to 3) between 2026-11-24T02:42:14.822Z and 2026-11-24T02:42:29.822Z"
const COUNTED = /^the kernel counted (\d{1,9}) OOM kills? \(oom_kill \d+ to \d+\) between (\S{1,40}) and (\S{1,40})$/

// "… (container_oom_events_total 0 to 1) in /kubepods/burstable/pod7f9c/4be1 (shop/cart-7d9/app) between … and …"
const IN_CONTAINER =
  /^the kernel counted (\d{1,9}) OOM kills? \(container_oom_events_total \d+ to \d+\) in (\S{1,4096}(?: \(\S{1,512}\))?) between (\S{1,40}) and (\S{1,40})$/
// "the kubelet said OOMKilled in (shop/cart-7d9/app) at 2026-11-24T02:42:29.822Z"
const KILLED = /^the kubelet said OOMKilled in (\(\S{1,512}\)) at \S{1,40}$/
const PLACE = /^(?:(\/\S*) ?)?(?:\((\S+)\))?$/
const CONTAINER_ID = /(?<![\da-f])[\da-f]{64}(?![\da-f])/

/**
 * The kernel's own count of its kills (/proc/vmstat, oom_kill), as lib/ingest/counted-kills.ts writes its rise into a
 * host's stream: that something was killed is sure, what and why only the log tells.
 */
export const counters: OomSource = {
  name: 'counters',
  sample:
    'the kernel counted 2 OOM kills (oom_kill 1 to 3) between 2026-11-24T02:42:14.822Z and 2026-11-24T02:42:29.822Z',
  open(facts): OomReader {
    return {
      read(entry) {
        if (entry.program !== 'oomscope') return null
        const container = IN_CONTAINER.exec(entry.message)
        if (container) {
          const [, count, place = '', since = '', until = ''] = container
          facts.addEvent(entry, 'container-oom', 'critical', { ...placeOf(place), count: Number(count), since, until })
          return 'recognised'
        }
        const killed = KILLED.exec(entry.message)
        if (killed) {
          facts.addEvent(entry, 'container-oom', 'critical', placeOf(killed[1] ?? ''))
          return 'recognised'
        }
        const counted = COUNTED.exec(entry.message)
        if (!counted) return null
        const [, count, since = '', until = ''] = counted
        facts.addEvent(entry, 'kill-counted', 'critical', { count: Number(count), since, until })
        return 'recognised'
      },
    }
  },
}

/** "/kubepods/…/4be1… (shop/cart-7d9/app)": the cgroup; namespace, pod and the container's name in it, or its own. */
function placeOf(place: string): Record<'cgroup' | 'container' | 'namespace' | 'name' | 'part', string | null> {
  const [, cgroup = null, names = ''] = PLACE.exec(place) ?? []
  const [first = null, pod = null, part = null] = names === '' ? [] : names.split('/')
  const container = CONTAINER_ID.exec(cgroup ?? '')?.[0] ?? null
  return pod === null
    ? { cgroup, container, namespace: null, name: first, part: null }
    : { cgroup, container, namespace: first, name: pod, part }
}
