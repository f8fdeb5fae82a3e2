import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { DeploymentFacts } from '../src/types.ts'
import type { Observed } from './replay.ts'
import type { Proposal } from './world.ts'

export type Template = Proposal

export interface Step {
  state: Template
  force?: boolean
}

/** A run just before the proposal, and how it came there. */
export interface Situation {
  subject: 'flow_run' | 'task_run'
  deployment?: { concurrency?: { limit: number; strategy: DeploymentFacts['collision_strategy'] } }
  parent?: Step[]
  tag_limit?: number
  empirical_policy?: object
  infrastructure_pid?: string
  /** The state that the runs are created with; PENDING when absent. */
  first_state?: Template
  path: Step[]
  others?: Step[][]
  created?: boolean
  before: Record<string, unknown> | null
}

/** What a real server answered to every proposal in every situation. */
export interface Recording {
  version: '3.8.8' | '2.20.25'
  proposals: Record<string, Template>
  situations: Record<string, Situation>
  answers: (Observed & { situation: string; proposal: string; force: boolean; http_status: number })[]
}

export function readRecording(version: Recording['version']): Recording {
  const folder = join(import.meta.dirname, '..', '..', '..', 'compat', 'recordings')
  return JSON.parse(readFileSync(join(folder, `matrix-${version}.json`), 'utf8'))
}
