import type { OomReader, OomSource } from '@/lib/oom/source'

const CONTAINER_ID = /\b[\da-f]{64}\b/
// docker events: "container oom 29d7… (image=…, name=…)", "container die 29d7… (exitCode=137, …)"
const DOCKER_OOM = /^container oom ([\da-f]{12,64})\b/
// podman: "2023-11-10 17:42:05.1 +0000 UTC m=+1.2 container died 29d7… (image=…, name=…, exitCode=137)"
const DOCKER_DIE = /(?:^|m=\+[\d.]{1,20} )container died? ([\da-f]{12,64})\b.*\bexitCode=137\b/
const NAME = /[(,] ?(?:io\.kubernetes\.pod\.name|name)=([^,)]{1,255})/
const PART = /[(,] ?io\.kubernetes\.container\.name=([^,)]{1,255})/
const NAMESPACE = /[(,] ?io\.kubernetes\.pod\.namespace=([^,)]{1,255})/
// containerd: level=info msg="TaskOOM event &TaskOOM{ContainerID:29d7…,XXX_unrecognized:[],}", 'event container_id:\"…\"'
const TASK_OOM = /TaskOOM\b/
// dockerd: "Container 29d7… OOM killed"; CRI-O: "OOM event for container 29d7…"; conmon: "conmon 29d7… <ninfo>: OOM event received"
const RUNTIME_OOM =
  /\b[Cc]ontainer ([\da-f]{12,64}) OOM killed|OOM event for container ([\da-f]{12,64})|^conmon ([\da-f]{12,64}) <n\w+>: OOM event received/
// cAdvisor in the kubelet's log
const CADVISOR = /\bCreated an OOM event in container "(.{1,400}?)"/
// kubelet: "System OOM encountered, victim process: X, pid: N"
const SYSTEM_OOM = /System OOM encountered(?:, victim process: (.{1,64}?), pid: (\d{1,10}))?/
// its log, from 1.19 on: '"Got sys oom event" event={"Pid":4711,"ProcessName":"stress",…}'
const SYS_OOM_EVENT = /Got sys oom event.*"Pid":(\d{1,10}),"ProcessName":"(.{0,64}?)"/
const OOM_KILLED =
  /["']?\breason["']?[:=] ?["']?OOMKilled\b|\bOOMKilled\b.*\b(?:137|exit)|^\s*(?:Reason:\s+)?OOMKilled\b/
// Node-problem-detector's event carries the kernel's line: "OOMKilling … Killed process 123 (java) …", in YAML "message: 'Memory …"
const OOM_KILLING = /\bOOMKilling\b|\bmessage["']?: *["']?(?:Memory cgroup out of memory|Out of memory): Kill/
const EVICTED =
  /The node was low on resource: memory\b|eviction manager: (?:attempting to reclaim|pods? .* evicted|must evict pod\(s\) to reclaim) ?memory?|"Eviction manager: attempting to reclaim".*memory/i
const RAW_KILL = /Killed process (\d{1,10}) \((.{1,64}?)\)/
const SPEAKERS =
  /^(?:kubelet|dockerd|docker|containerd|crio|cri-o|podman|conmon|k3s|rke2|node-problem-detector|kernel-monitor|cadvisor|nomad|[\w./-]{1,64}:\d{1,6})$/

/** Docker, containerd, cAdvisor, the kubelet and Kubernetes' events: what a kill did to containers. No kill of their own. */
export const containers: OomSource = {
  name: 'containers',
  sample: 'System OOM encountered, victim process: stress, pid: 4711',
  open(facts): OomReader {
    return {
      read(entry) {
        if (entry.program !== null && !SPEAKERS.test(entry.program)) return null
        const text = entry.message.trim().slice(0, 8000)
        const oom = DOCKER_OOM.exec(text)
        if (oom) {
          facts.addEvent(entry, 'container-oom', 'critical', { container: oom[1] ?? null, ...labelsOf(text) }, text)
          return 'recognised'
        }
        const die = DOCKER_DIE.exec(text)
        if (die) {
          facts.addEvent(entry, 'service-stopped', 'info', { container: die[1] ?? null, ...labelsOf(text) }, text)
          return 'recognised'
        }
        if (TASK_OOM.test(text)) {
          const container =
            CONTAINER_ID.exec(text)?.[0] ?? /[Cc]ontainer_?(?:id|ID):?\\?"?([\w.-]{4,80})/.exec(text)?.[1]
          facts.addEvent(entry, 'container-oom', 'critical', { container: container ?? null })
          return 'recognised'
        }
        const runtime = RUNTIME_OOM.exec(text)
        if (runtime) {
          facts.addEvent(entry, 'container-oom', 'critical', {
            container: runtime[1] ?? runtime[2] ?? runtime[3] ?? null,
          })
          return 'recognised'
        }
        const cadvisor = CADVISOR.exec(text)
        if (cadvisor) {
          facts.addEvent(entry, 'container-oom', 'critical', {
            cgroup: cadvisor[1] ?? null,
            container: idIn(cadvisor[1]),
          })
          return 'recognised'
        }
        const system = SYSTEM_OOM.exec(text)
        if (system) {
          const pid = system[2] === undefined ? null : Number(system[2])
          facts.addEvent(entry, 'container-oom', 'critical', { comm: system[1] ?? null, pid })
          return 'recognised'
        }
        const event = SYS_OOM_EVENT.exec(text)
        if (event) {
          facts.addEvent(entry, 'container-oom', 'critical', { comm: event[2] ?? null, pid: Number(event[1]) })
          return 'recognised'
        }
        if (EVICTED.test(text)) {
          facts.addEvent(entry, 'eviction', 'critical', {})
          return 'recognised'
        }
        const isKilling = OOM_KILLING.test(text)
        if (isKilling || OOM_KILLED.test(text)) {
          const raw = RAW_KILL.exec(text)
          facts.addEvent(entry, 'container-oom', 'critical', {
            container: idIn(text),
            pid: raw ? Number(raw[1]) : null,
            comm: raw?.[2] ?? null,
          })
          return 'recognised'
        }
        return null
      },
    }
  },
}

/** The pod (or the container's own name), the container's name within the pod, and the pod's namespace. */
function labelsOf(text: string): Record<'name' | 'part' | 'namespace', string | null> {
  const read = (pattern: RegExp) => pattern.exec(text)?.[1] ?? null
  return { name: read(NAME), part: read(PART), namespace: read(NAMESPACE) }
}

function idIn(text: string | undefined): string | null {
  return CONTAINER_ID.exec(text ?? '')?.[0] ?? null
}
