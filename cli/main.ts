import { type Command, UsageError } from '@/cli/command'
import { COMMANDS } from '@/cli/registry'
import { AppError } from '@/lib/errors'

/** Runs one command line, without `node` and the script's name, and gives its exit code. */
export async function main(argv: string[]): Promise<number> {
  // The reader of a pipe has seen enough (`| head`): nothing more is to be said, and nothing went wrong.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
    throw error
  })
  const [name, ...args] = argv
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    process.stdout.write(await helpText())
    return name === undefined ? 2 : 0
  }
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!load) {
    process.stderr.write(`oomscope: there is no command ${JSON.stringify(name)}.\n\n${await helpText()}`)
    return 2
  }
  const command = await load()
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(usageText(command))
    return 0
  }
  try {
    return await command.run(args)
  } catch (error) {
    if (error instanceof UsageError || isParseError(error)) {
      process.stderr.write(`oomscope ${name}: ${error.message}\n\n${usageText(command)}`)
      return 2
    }
    if (error instanceof AppError) {
      process.stderr.write(`oomscope ${name}: ${error.detail}\n`)
      return 1
    }
    throw error
  }
}

/** `parseArgs` of `node:util` names its errors by code. */
function isParseError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')
}

function usageText(command: Command): string {
  return `${command.summary}\n\n  oomscope ${command.usage}\n`
}

async function helpText(): Promise<string> {
  const commands = await Promise.all(Object.values(COMMANDS).map((load) => load()))
  const lines = commands.map((command) => `  oomscope ${command.usage}\n      ${command.summary}\n`)
  return `oomscope reads what a Linux machine leaves behind when it runs out of memory.\n\n${lines.join('\n')}`
}
