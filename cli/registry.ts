import type { Command } from '@/cli/command'

/** Loaded when called, so that `analyze` needs neither a database nor a server. */
export const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  analyze: async () => (await import('@/cli/analyze')).analyze,
  upload: async () => (await import('@/cli/upload')).upload,
  start: async () => (await import('@/cli/start')).start,
  migrate: async () => (await import('@/cli/migrate')).migrate,
  backup: async () => (await import('@/cli/backup')).backup,
  restore: async () => (await import('@/cli/restore')).restore,
  token: async () => (await import('@/cli/token')).token,
  user: async () => (await import('@/cli/user')).user,
}
