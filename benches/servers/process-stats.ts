import { readdirSync, readFileSync } from 'node:fs'

export interface ProcessStats {
  /** Seconds on a core since the start. */
  cpuSeconds: number
  residentMegabytes: number
}

/** Linux counts CPU time in hundredths of a second and memory in pages, on every common machine. */
const TICKS_PER_SECOND = 100
const PAGE_BYTES = 4096

/** Sums over a process group; undefined where there is no /proc. */
export function statsOfGroup(group: number): ProcessStats | undefined {
  let stats: ProcessStats | undefined
  for (const pid of processes()) {
    const fields = statOf(pid)
    if (!fields || Number(fields[2]) !== group) continue
    stats ??= { cpuSeconds: 0, residentMegabytes: 0 }
    stats.cpuSeconds += (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
    stats.residentMegabytes += (Number(fields[21]) * PAGE_BYTES) / 1e6
  }
  return stats
}

function processes(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  } catch {
    return []
  }
}

/** The fields after the name, which may itself hold spaces and brackets: state, parent, group, … */
function statOf(pid: string): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}
