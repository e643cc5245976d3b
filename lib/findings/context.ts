import type { Note } from '@/lib/incidents/incident'
import type { CgroupSample, GroupSample } from '@/lib/metrics/measured'
import type { ProcessList } from '@/lib/metrics/process'
import type { Series } from '@/lib/metrics/sample'

/** What is known besides the incident's own facts. */
export interface ExplainContext {
  /** The name the product knows the host by; null: as the log prints it, if it does. */
  hostname: string | null
  /** Release when known from outside the reports, e.g. a boot line. */
  kernel?: string | null
  notes?: readonly Note[]
  /** Of the host, ascending, around the incident. */
  samples?: Series
  /** Of the control group whose limit was hit, ascending. */
  group?: readonly GroupSample[]
  /** All control groups measured last before the first kill or report, two intervals before at most. */
  cgroups?: CgroupSample | null
  /** What ran, from `ps`, `top` or an agent, in any order. */
  processLists?: readonly ProcessList[]
}
