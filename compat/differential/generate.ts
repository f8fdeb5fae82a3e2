import { Chance } from './chance.ts'
import type { Operation, Sequence } from './operation.ts'
import { ARTIFACTS } from './operations/artifacts.ts'
import { BAD_INPUT } from './operations/bad-input.ts'
import { BLOCKS } from './operations/blocks.ts'
import { DEPLOYMENTS } from './operations/deployments.ts'
import { FLOW_RUNS, createFlowRun } from './operations/flow-runs.ts'
import { FLOWS, createFlow } from './operations/flows.ts'
import { INPUTS } from './operations/inputs.ts'
import { LIMITS } from './operations/limits.ts'
import { LOGS } from './operations/logs.ts'
import { TASK_RUNS, createTaskRun } from './operations/task-runs.ts'
import { VARIABLES } from './operations/variables.ts'
import { World } from './world.ts'
import type { Maker } from './world.ts'

const RUNS = [...FLOWS, ...FLOW_RUNS, ...TASK_RUNS]
const MAKERS: readonly Maker[] = [
  ...RUNS,
  ...ARTIFACTS,
  ...INPUTS,
  ...LIMITS,
  ...LOGS,
  ...VARIABLES,
  ...BLOCKS,
  ...DEPLOYMENTS,
  ...BAD_INPUT,
]

/** The sequence of a seed: the same operations every time. It begins with a flow, a flow run and a task run. */
export function generate(seed: number, length: number, version: string): Sequence {
  const modern = version.startsWith('3.')
  const world = new World(new Chance(seed), modern)
  const makers = (modern ? MAKERS : RUNS).filter((maker) => modern || !maker.modern)
  const operations: Operation[] = [createFlow(world), createFlowRun(world), createTaskRun(world)]
  while (operations.length < length) {
    const operation = world.chance.weighted(makers).make(world)
    if (operation) operations.push(operation)
  }
  return { seed, version, operations: operations.slice(0, length).map((each) => plain(each)) }
}

// As it travels, and as a recording keeps it: without keys that are undefined.
function plain(operation: Operation): Operation {
  return JSON.parse(JSON.stringify(operation)) as Operation
}
