import { spawn, spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Bytes, EpochMs } from '@/lib/units'

const LIMIT: Bytes = 64 * 1024 ** 2

/** The memory controller as this machine has it: where its groups are, and how one is limited. */
interface Controller {
  parent: string
  limit: string
  /** File that forbids swap; null where the limit does not need it. */
  swap: string | null
}

const CONTROLLERS: Controller[] = [
  { parent: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes', swap: null },
  { parent: '/sys/fs/cgroup', limit: 'memory.max', swap: 'memory.swap.max' },
]

function findController(): Controller | null {
  const [v1, v2] = CONTROLLERS
  if (v1 && existsSync(join(v1.parent, v1.limit))) return v1
  const shared = v2 ? join(v2.parent, 'cgroup.subtree_control') : ''
  return v2 && existsSync(shared) && /\bmemory\b/.test(readFileSync(shared, 'utf8')) ? v2 : null
}

/** Why no process can be killed at a limit here; null when one can. */
export function obstacleToKilling(): string | null {
  if (process.getuid?.() !== 0) return 'needs root'
  const controller = findController()
  if (!controller) return 'needs the memory controller of cgroups'
  try {
    accessSync(controller.parent, constants.W_OK)
  } catch {
    return 'needs to make cgroups'
  }
  return spawnSync('dmesg').status === 0 ? null : 'needs to read the kernel log'
}

/**
 * Runs a program that grows by 2 MB at a time inside a group of 64 MiB until the kernel kills it, and never without the
 * limit: the limit is read back before the program starts, and the program ends itself when it is not in the group.
 *
 * @returns when and how it ended
 * @throws when the group cannot be limited
 */
export async function growUntilKilled(): Promise<{ signal: NodeJS.Signals | null; at: EpochMs }> {
  const controller = findController()
  if (!controller) throw new Error('no memory controller')
  const name = `oomscope-small-${process.pid}`
  const group = join(controller.parent, name)
  mkdirSync(group)
  let pid: number | undefined
  try {
    writeFileSync(join(group, controller.limit), String(LIMIT))
    if (controller.swap !== null && existsSync(join(group, controller.swap)))
      writeFileSync(join(group, controller.swap), '0')
    if (Number(readFileSync(join(group, controller.limit), 'utf8')) !== LIMIT) throw new Error('no limit was set')
    const grow = `echo $$ > ${group}/cgroup.procs && grep -q ${name} /proc/self/cgroup || exit 9
      count=0
      while [ $count -lt 200 ]; do
        count=$((count + 1))
        eval "held$count=\\$(head -c 2000000 /dev/zero | tr '\\\\0' x)"
      done`
    const growing = spawn('sh', ['-c', grow], { stdio: 'ignore', detached: true })
    pid = growing.pid
    return await new Promise((resolve) => {
      growing.once('exit', (_code, signal) => resolve({ signal, at: Date.now() }))
    })
  } finally {
    if (pid !== undefined) endAll(pid)
    await removeGroup(group)
  }
}

/** What the shell had started may outlive it. */
function endAll(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // None is left.
  }
}

/** A group can be removed once its last process is gone, which takes the kernel a moment. */
async function removeGroup(group: string): Promise<void> {
  for (let left = 100; ; left -= 1) {
    try {
      rmdirSync(group)
      return
    } catch (error) {
      if (left === 0) throw error
      await setTimeout(50)
    }
  }
}
