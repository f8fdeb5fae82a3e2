import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Outcome } from './execute.ts'
import type { Situation, StateTemplate } from './grid.ts'

/** One recorded answer: which proposal met which situation, and what came of it. */
export type MatrixAnswer = Omit<Outcome, 'before'> & { situation: string; proposal: string; force: boolean }

/** A whole recording; record.ts documents its shape. */
export interface Matrix {
  version: string
  proposals: Record<string, StateTemplate>
  situations: Record<string, Situation & { before: Outcome['before'] }>
  answers: MatrixAnswer[]
}

/** Where the recording of a version lives. */
export function matrixPath(version: string): string {
  return join(import.meta.dirname, '..', 'recordings', `matrix-${version}.json`)
}

/** The committed recording of a version. */
export function readMatrix(version: string): Matrix {
  return JSON.parse(readFileSync(matrixPath(version), 'utf8'))
}
