import { hostname } from 'node:os'

/** Tells this process from an earlier one with the same number, as the only ones of containers are. */
const LIFE = crypto.randomUUID().slice(0, 8)

/** How this process signs what it holds: `host:pid:life`. */
export function ownSignature(): string {
  return `${hostname()}:${process.pid}:${LIFE}`
}

/** Whether the process that signed is certainly gone. Of other machines, and what others signed, nothing is certain. */
export function isGone(signature: string): boolean {
  const parts = /^(.*):(\d+):([0-9a-f]{8})$/.exec(signature)
  if (!parts || parts[1] !== hostname()) return false
  const pid = Number(parts[2])
  if (pid === process.pid) return parts[3] !== LIFE
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}
