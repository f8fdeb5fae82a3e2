import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { expectedTimes } from './expected-run.ts'
import { INVARIANTS } from './invariants.ts'
import { CLIENT_3_8 } from './make.ts'
import { MOVES, Play } from './play.ts'

const PLAYS = 20_000
const MOVES_IN_A_PLAY = 50

const strategy = fc.constantFrom('ENQUEUE' as const, 'CANCEL_NEW' as const)
const moves = (length: number) =>
  fc.array(fc.nat(MOVES - 1), { minLength: length, maxLength: length, size: 'max' })

let decisions = 0

describe('whatever clients propose, in whatever order', () => {
  it(`every invariant holds over ${(PLAYS * MOVES_IN_A_PLAY).toLocaleString('en')} decisions`, () => {
    const property = fc.property(strategy, moves(MOVES_IN_A_PLAY), (strategy, codes) => {
      const play = new Play(strategy)
      for (const code of codes) {
        const outcome = play.move(code)
        for (const [name, holds] of INVARIANTS) if (!holds(outcome, play)) throw new Error(name)
      }
      checkTimes(play)
      endAll(play)
      checkTimes(play)
      if (play.world.leases.size > 0) throw new Error('every slot comes back when all runs have ended')
      decisions += play.world.decisions
    })
    fc.assert(property, { numRuns: PLAYS, endOnFailure: false })
    expect(decisions).toBeGreaterThanOrEqual(PLAYS * MOVES_IN_A_PLAY)
  }, 600_000)

  it('what the engine is given is never changed', () => {
    const property = fc.property(strategy, moves(20), (strategy, codes) => {
      const play = new Play(strategy)
      play.world.isStrict = true
      for (const code of codes) play.move(code)
      decisions += play.world.decisions
    })
    fc.assert(property, { numRuns: 200 })
  })

  it('the same facts lead to the same decision', () => {
    const property = fc.property(strategy, moves(20), (strategy, codes) => {
      const [one, other] = [new Play(strategy), new Play(strategy)]
      for (const code of codes) expect(one.move(code).decision).toEqual(other.move(code).decision)
    })
    fc.assert(property, { numRuns: 200 })
  })

  afterAll(() => console.log(`${decisions.toLocaleString('en')} decisions made`))
})

/** The fields that are kept on runs never differ from what the history of their states tells. */
function checkTimes({ flowRuns, taskRuns }: Play): void {
  for (const { run, written } of [...flowRuns, ...taskRuns]) {
    for (const [field, value] of Object.entries(expectedTimes(written))) {
      const kept = run[field as keyof typeof run]
      if (kept !== value) throw new Error(`${field} of ${run.id} is ${kept}, its history says ${value}`)
    }
  }
}

function endAll(play: Play): void {
  const move = {
    proposal: { type: 'CANCELLED' as const },
    client: CLIENT_3_8,
    force: false,
  }
  for (const actor of play.flowRuns) play.moveFlowRun(actor, move)
  for (const actor of play.taskRuns) play.moveTaskRun(actor, move)
}
