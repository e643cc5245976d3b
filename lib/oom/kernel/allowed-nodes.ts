import type { AllowedNodes } from '@/lib/oom/report'

// "oom-kill:constraint=CONSTRAINT_MEMORY_POLICY,nodemask=0,2,cpuset=batch,mems_allowed=0-2,global_oom,…"
const OOM_KILL =
  /^oom-kill: ?constraint=[A-Z_]{1,40},nodemask=([\d,-]{1,80}|\(null\)),cpuset=(.{0,200}?),mems_allowed=(\d[\d,-]{0,80}?)(?:,[a-z]|$)/
// "batchd cpuset=batch mems_allowed=0-1", behind the trigger until 4.18
const CPUSET = /^\S.{0,40} cpuset=(\S{0,200}) mems_allowed=(\d[\d,-]{0,80})/
// "mongod invoked oom-killer: gfp_mask=0x24280ca(…), nodemask=0, order=0, …", 4.9 to 4.18
const TRIGGER = / invoked oom-killer: .{0,300}?\bnodemask=(\d[\d,-]{0,80}?),/

/** What a line says about the NUMA nodes of the request; null when it says nothing. */
export function readAllowedNodes(message: string, line: number): AllowedNodes | null {
  const head = message.length > 700 ? message.slice(0, 700) : message
  const selected = OOM_KILL.exec(head)
  if (selected) {
    const [, nodemask, cpuset, mems] = selected
    return {
      line,
      nodemask: nodemask === '(null)' ? null : (nodemask ?? null),
      cpuset: cpuset ?? null,
      mems: mems ?? null,
    }
  }
  const bound = CPUSET.exec(head)
  if (bound) return { line, nodemask: null, cpuset: bound[1] ?? null, mems: bound[2] ?? null }
  const asked = TRIGGER.exec(head)
  return asked ? { line, nodemask: asked[1] ?? null, cpuset: null, mems: null } : null
}

/** Both together; what the later line prints stands, and the line is that of the policy where there is one. */
export function mergeAllowedNodes(known: AllowedNodes | null, told: AllowedNodes): AllowedNodes {
  if (!known) return told
  return {
    line: told.nodemask !== null || known.nodemask === null ? told.line : known.line,
    nodemask: told.nodemask ?? known.nodemask,
    cpuset: told.cpuset ?? known.cpuset,
    mems: told.mems ?? known.mems,
  }
}
