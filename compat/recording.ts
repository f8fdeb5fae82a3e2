import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Observation } from './observe.ts'
import { printJson } from './print-json.ts'

/** What a program said and what it left on the real server. */
export interface Recording {
  report: unknown
  observation: Observation
}

function recordingPath(version: string, scenario: string): string {
  return join(import.meta.dirname, 'recordings', version, `${scenario}.json`)
}

/** The committed recording of a scenario. */
export function readRecording(version: string, scenario: string): Recording {
  return JSON.parse(readFileSync(recordingPath(version, scenario), 'utf8'))
}

/** Replaces the recording of a scenario. */
export function writeRecording(version: string, scenario: string, recording: Recording): void {
  const path = recordingPath(version, scenario)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, `${printJson(recording)}\n`)
}
