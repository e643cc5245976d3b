import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { StartError } from './terminal.mjs'

const SERVICE_ACCOUNTS = ['oomscope', 'nobody']

/**
 * Who runs PostgreSQL, web and worker: ourselves, or as root an account without rights, because PostgreSQL refuses to
 * run as root and the other two need not.
 *
 * @returns {{ name: string, uid: number, gid: number, isOther: boolean }}
 */
export function chooseAccount() {
  const own = userInfo()
  if (own.uid !== 0) return { name: own.username, uid: own.uid, gid: own.gid, isOther: false }
  const entries = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const name of SERVICE_ACCOUNTS) {
    const entry = entries.find(([account]) => account === name)
    if (entry) return { name, uid: Number(entry[2]), gid: Number(entry[3]), isOther: true }
  }
  throw new StartError(
    'PostgreSQL refuses to run as root, and there is neither an account "oomscope" nor "nobody" to run it.\nMake one: useradd --system oomscope',
  )
}

/** Options of `spawn` that make a child run as this account. */
export function asAccount(account) {
  return account.isOther ? { uid: account.uid, gid: account.gid } : {}
}

/** Whether the account can read and enter this path; for a file that is executable, also run it. */
export function canUse(account, path) {
  if (!account.isOther) return true
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], {
    cwd: '/',
    ...asAccount(account),
  })
  return test.status === 0
}
