import type { Command } from '@/cli/command'

/** Loaded when called, so that `analyze` needs neither a database nor a server. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  analyze: async () => (await import('@/cli/analyze')).analyze,
}
