/** Top folder of a report made by sos: "sosreport-HOST[-CASE]-YYYY-MM-DD-xxxxxxx/", before sos 3.5 "…-YYYYMMDDHHMMSS-hash/". */
const TOP = /^sosreport-(.+?)(?:[-.]\d{5,})?-(?:\d{4}-\d{2}-\d{2}-[a-z]{5,}|\d{8,14}(?:-[0-9a-f]{4,})?)\//

/** The host a sosreport is of, by the name of its top folder; null for a path in any other archive. */
export function hostOfSosreport(path: string): string | null {
  return TOP.exec(path)?.[1] ?? null
}

// Of the ten thousand files of a sosreport these can tell of memory, processes, reboots and the host.
const WORTH_READING =
  /^(proc\/(meminfo|vmstat|swaps|loadavg|uptime|pressure\/memory|cmdline|buddyinfo|slabinfo|pagetypeinfo)$|sos_commands\/(memory|process|kernel|logs|sar|host|date|general|systemd)\/|var\/log\/|etc\/(hostname|machine-id|timezone|localtime)$|(hostname|uname|date|uptime|free|ps|dmesg|last)$)/

/** True for a file that is worth reading; in an archive that is no sosreport every file is. */
export function isWorthReading(path: string): boolean {
  const top = TOP.exec(path)?.[0]
  return top === undefined || WORTH_READING.test(path.slice(top.length))
}
