import type { Sender } from '@/lib/ingest/protocols/protocol'
import { PROTOCOLS } from '@/lib/ingest/protocols/registry'

const GIVES: Record<Sender['gives'][number], string> = {
  log: 'kernel log',
  memory: 'memory, swap, load',
  processes: 'processes',
  alerts: 'alerts',
}

const TESTED: Record<Sender['tested'], string> = {
  live: 'the sender itself',
  captured: 'its own requests',
  specification: 'its specification only',
}

/** One row of the compatibility page, its configuration filled in. */
export interface SenderGuide {
  name: string
  protocol: string
  address: string
  gives: string
  /** Version whose requests are among the tests' fixtures; null when only its specification was read. */
  versionSeen: string | null
  tested: string
  file: string
  configuration: string
  remark: string | null
}

/** Where Netdata is sent to while the setting names no other port. */
const USUAL_NETDATA_PORT = 3001

/**
 * Every sender that can be pointed here, in the registry's order.
 *
 * @param url without a slash at its end
 */
export function listSenders(url: string, token: string, netdataPort = USUAL_NETDATA_PORT): SenderGuide[] {
  return PROTOCOLS.flatMap((protocol) =>
    protocol.senders.map((sender) => ({
      name: sender.name,
      protocol: protocol.title,
      address: `/api/ingest/${protocol.name}`,
      gives: sender.gives.map((part) => GIVES[part]).join('; '),
      versionSeen: sender.versionSeen,
      tested: TESTED[sender.tested],
      file: sender.file,
      configuration: sender.configuration(url, token, netdataPort),
      remark: sender.remark,
    })),
  )
}

/** The sender table and configurations of docs/protocols.md. */
export function guideAsMarkdown(): string {
  const senders = listSenders('https://oomscope.example', 'TOKEN')
  const rows = senders.map(
    ({ name, protocol, gives, versionSeen, tested }) =>
      `| ${name} | ${protocol} | ${gives} | ${versionSeen ?? ''} | ${tested} |`,
  )
  const sections = senders.map(
    ({ name, file, configuration, remark }) =>
      `### ${name}\n\n\`${file}\`\n\n\`\`\`\n${configuration}\n\`\`\`\n${remark === null ? '' : `\n${remark}\n`}`,
  )
  return [
    '| sender | protocol | gives | version seen | tested with |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
    '',
    ...sections,
  ].join('\n')
}
