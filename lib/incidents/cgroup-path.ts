/**
 * A cgroup's path with everything that changes from one start to the next taken out: container ids, pod uids, numbers.
 * `/kubepods/burstable/pod7f9c…/4be1…` of two restarts of a pod become equal.
 */
export function stripIds(path: string): string {
  return path
    .replace(/[0-9a-f]{8}([-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}/gi, '*')
    .replace(/(?<![0-9a-z])[0-9a-f]{12,}(?![0-9a-z])/gi, '*')
    .replace(/\d+/g, '*')
}

// "kubepods-burstable-pod1f0c33aa_52b7_….slice", "pod1f0c33aa-52b7-…"
const POD = /\bpod([0-9a-f]{8})[-_][0-9a-f]{4}[-_]|-pod([0-9a-f]{8})[-_]/i
const CONTAINER_ID = /(?<![0-9a-f])([0-9a-f]{12})[0-9a-f]{52}(?![0-9a-f])/i

/** The part of a path that a person knows the group by: a container's or pod's short id, else its last name. */
export function shortCgroup(path: string): string {
  const id = CONTAINER_ID.exec(path)?.[1]
  if (id !== undefined) return `container ${id}`
  const pod = POD.exec(path)
  if (pod) return `pod ${pod[1] ?? pod[2]}`
  const names = path.split('/').filter((name) => name !== '')
  const last = names.at(-1)
  if (last === undefined) return path
  const isNumber = /^\d+$/.test(last)
  return isNumber && names.length > 1 ? path : last
}
