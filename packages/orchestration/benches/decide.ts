import { decideTaskTransition } from '../src/decide.ts'
import { coreTaskPolicy } from '../src/policies/core-task.ts'
import type { State, TaskFacts } from '../src/types.ts'
import { makeCurrent, makeLimit, makeState, makeTaskFacts, makeTaskRun } from '../tests/make.ts'

const ROUNDS = 1_000_000

const parent = { run_count: 1, state: makeState('RUNNING') }
const fresh = makeTaskRun({ flow_run_id: 'flow-run' })
const running = { ...fresh, run_count: 1, start_time: 0, expected_start_time: 0 }

const cases: [string, TaskFacts, State][] = [
  ['none to PENDING', makeTaskFacts({ run: fresh, parent }), makeState('PENDING')],
  [
    'PENDING to RUNNING',
    makeTaskFacts({ run: fresh, parent, current: makeCurrent('PENDING') }),
    makeState('RUNNING'),
  ],
  [
    'PENDING to RUNNING, with a limit on a tag',
    makeTaskFacts({ run: fresh, parent, current: makeCurrent('PENDING'), tag_limits: [makeLimit()] }),
    makeState('RUNNING'),
  ],
  [
    'RUNNING to COMPLETED',
    makeTaskFacts({ run: running, parent, current: makeCurrent('RUNNING') }),
    makeState('COMPLETED'),
  ],
]

// Time of this process's processor, so that neighbours on the machine do not count.
for (const [name, facts, proposal] of cases) {
  for (let round = 0; round < ROUNDS / 10; round++) decideTaskTransition(coreTaskPolicy, facts, proposal)
  const start = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round++) decideTaskTransition(coreTaskPolicy, facts, proposal)
  const { user, system } = process.cpuUsage(start)
  console.log(`${name}: ${(((user + system) * 1000) / ROUNDS).toFixed(0)} ns`)
}
