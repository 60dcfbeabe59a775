import { chownSync, lstatSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** Someone other than root to run a server as. */
export type UnprivilegedUser = { uid: number; gid: number; name: string }

/** When root runs the stack: `postgres` if the system knows it, else `nobody`. Null for an ordinary user. */
export const findUnprivilegedUser = (): UnprivilegedUser | null => {
  if (process.getuid?.() !== 0) return null
  const known = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .map((line) => line.split(':'))
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = known.find(([candidate]) => candidate === wanted) ?? []
    if (name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) }
  }
  return { name: '65534', uid: 65_534, gid: 65_534 }
}

const mayEnter = (folder: string, user: UnprivilegedUser): boolean => {
  const { mode, uid, gid } = statSync(folder)
  if (uid === user.uid) return (mode & 0o100) !== 0
  if (gid === user.gid) return (mode & 0o010) !== 0
  return (mode & 0o001) !== 0
}

/** Whether every folder above `path` lets this user through (`/root` and the folders of `mktemp -d` do not). */
export const canReach = (path: string, user: UnprivilegedUser): boolean => {
  const folder = dirname(resolve(path))
  return mayEnter(folder, user) && (folder === '/' || canReach(folder, user))
}

/** Gives a folder and all in it to this user. Symbolic links are not followed. */
export const giveFolder = (folder: string, user: UnprivilegedUser): void => {
  chownSync(folder, user.uid, user.gid)
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry)
    const seen = lstatSync(path)
    if (seen.isDirectory()) giveFolder(path, user)
    else if (!seen.isSymbolicLink()) chownSync(path, user.uid, user.gid)
  }
}

/**
 * The command line that runs `command` as this user. Where the user cannot reach `paths`, the one
 * capability to pass through closed folders goes with it; the program still is not root.
 */
export const asUser = (user: UnprivilegedUser | null, command: string, args: string[], paths: string[]): [string, string[]] => {
  if (!user) return [command, args]
  const capability = paths.every((path) => canReach(path, user)) ? [] : ['--inh-caps=+dac_override', '--ambient-caps=+dac_override']
  return ['setpriv', [`--reuid=${user.uid}`, `--regid=${user.gid}`, '--clear-groups', ...capability, '--', command, ...args]]
}
