import { describe, expect, it } from 'vitest'
import { readRecording } from './recording.ts'
import type { Recording, Situation } from './recording.ts'
import { Replay } from './replay.ts'
import type { Observed } from './replay.ts'

for (const version of ['2.20.25', '3.8.8'] as const) {
  const recording = readRecording(version)
  const groups = Map.groupBy(recording.answers, ({ situation }) => situation)

  describe(`beside the real ${version}`, () => {
    it('there is a whole recording', () => {
      expect(recording.answers.length).toBeGreaterThan(2500)
    })

    it.each([...groups])('%s', (name, answers) => {
      const situation = recording.situations[name]!
      const differences = answers.flatMap((answer) => compare(recording, situation, answer))
      expect(differences).toEqual([])
    })
  })
}

function compare(recording: Recording, situation: Situation, answer: Recording['answers'][number]) {
  if (answer.http_status >= 500) return []
  const replay = new Replay(situation, recording.version)
  const { before } = situation
  if (before) expect(replay.observeRun()).toEqual(before)
  const ours = replay.propose(recording.proposals[answer.proposal]!, answer.force)
  const { situation: _, proposal, force, http_status, ...theirs } = answer
  if (situation.created) theirs.state = ours.state
  if (same(ours, theirs)) return []
  return [{ proposal, force, ours, theirs }]
}

function same(ours: Observed, theirs: Observed): boolean {
  return canonical(ours) === canonical(theirs)
}

/** Key order is nothing, and the keys of pauses are a set. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (key, inner) => {
    if (key === 'pause_keys') return inner.toSorted()
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  })
}
