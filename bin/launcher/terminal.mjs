/** One line for the person at the terminal. */
export function say(text) {
  process.stdout.write(`${text}\n`)
}

/** A failure with words for the person at the terminal: what is wrong, and what to do. Printed without a stack. */
export class StartError extends Error {}

/** Ends the process with the words of a StartError, or with the stack of a bug. */
export function fail(error) {
  process.stderr.write(`\n${error instanceof StartError ? error.message : (error?.stack ?? String(error))}\n`)
  process.exit(1)
}
