import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Answer } from './normalise.ts'
import type { Sequence } from './operation.ts'

/** A sequence with what the real server answered to each operation, normalised. */
export interface Recording extends Sequence {
  answers: Answer[]
}

/** Every recording of a folder, by the order of the file names; without a folder those of the repository. */
export function readRecordings(folder: string = join(import.meta.dirname, 'recordings')): Recording[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .flatMap((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Recording[])
}
