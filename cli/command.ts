/** One command of `oomscope`. Add a file with one of these and list it in `registry.ts`. */
export interface Command {
  name: string
  /** "analyze FILE… [--json]": shown by `oomscope help` and after a wrong call. */
  usage: string
  /** One line: what it is good for. */
  summary: string
  /**
   * @param args what follows the command's name
   * @returns exit code: 0 done, 1 something could not be done
   * @throws UsageError for a wrong call, which ends with exit code 2
   */
  run(args: string[]): Promise<number>
}

/** The command was called wrongly: its usage is printed. */
export class UsageError extends Error {}
