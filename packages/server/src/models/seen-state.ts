import type { State } from '@reeve/orchestration/types'

/** Whether a run has another state than the one that was seen; undefined when nobody looked. */
export function hasMoved({ current }: { current: State | null }, seen: string | null | undefined): boolean {
  return seen !== undefined && seen !== (current?.id ?? null)
}
