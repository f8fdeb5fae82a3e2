import { sql } from 'kysely'
import type { StateType } from '@reeve/schemas/state-type'
import type { Timestamp } from '@reeve/schemas/time'
import type { State } from '@reeve/orchestration/types'
import type { Session } from '../database/session.ts'
import type { Row } from '../database/tables.ts'
import { readFlowRunStates } from './flow-run-states.ts'
import { micros } from './run-estimates.ts'
import { readGraphArtifacts } from './graph-artifacts.ts'
import type { GraphArtifact } from './graph-artifacts.ts'
import { connect } from './graph-edges.ts'
import type { Edges } from './graph-edges.ts'

const MOST_NODES = 10_000

export interface GraphNode extends Edges {
  kind: 'flow-run' | 'task-run'
  id: string
  label: string
  state_type: StateType | null
  start_time: Timestamp
  end_time: Timestamp | null
  artifacts: GraphArtifact[]
}

export interface RunGraph {
  start_time: Timestamp | null
  end_time: Timestamp | null
  nodes: GraphNode[]
  /** Of the run itself; those of its task runs are with their nodes. */
  artifacts: GraphArtifact[]
  states: State[]
}

export interface TooManyNodes {
  nodes: number
  most: number
}

/**
 * What ran in a flow run: its task runs, and in the place of those which stand for subflows the subflow
 * runs. Only nodes that had not ended by `since`; edges may lead to nodes that had. Undefined without such a
 * run.
 */
export async function readRunGraph(
  session: Session,
  flowRunId: string,
  since: Timestamp,
): Promise<RunGraph | TooManyNodes | undefined> {
  const { build } = session
  const run = await session.first(
    build
      .selectFrom('flow_run')
      .select(['start_time', 'expected_start_time', 'end_time'])
      .where('id', '=', flowRunId),
  )
  if (!run) return undefined
  const count = await session.first(
    nodesOf(session, flowRunId)
      .select(({ fn }) => fn.countAll<number>().as('nodes'))
      .where(sql<boolean>`${started} is not null`)
      .where(sql<boolean>`coalesce(${ended} >= ${micros(since)}, 1 = 1)`),
  )
  if (count && count.nodes > MOST_NODES) return { nodes: count.nodes, most: MOST_NODES }
  const rows = await readNodes(session, flowRunId)
  const { ofRun, ofTaskRuns } = await readGraphArtifacts(session, flowRunId)
  const edges = connect(rows.map((row) => ({ id: row.id, task_inputs: row.task__task_inputs })))
  return {
    start_time: run.start_time ?? run.expected_start_time,
    end_time: run.end_time,
    nodes: rows
      .filter((row) => row.end_time === null || row.end_time >= since)
      .map(({ task__task_inputs, label, flow_name, is_subflow, ...node }): GraphNode => ({
        ...node,
        kind: is_subflow ? 'flow-run' : 'task-run',
        label: flow_name === null ? label : `${flow_name} / ${label}`,
        ...(edges.get(node.id) as Edges),
        artifacts: ofTaskRuns.get(node.id) ?? [],
      })),
    artifacts: ofRun,
    states: await readFlowRunStates(session, flowRunId),
  }
}

const started = sql<Timestamp>`coalesce(subflow.start_time, subflow.expected_start_time, task.start_time, task.expected_start_time)`
// A task run that was answered from the cache never ran: it ended when it was to start.
const ended = sql<Timestamp | null>`coalesce(subflow.end_time, task.end_time,
  case when task.state_type = 'COMPLETED' then task.expected_start_time end)`

function nodesOf({ build }: Session, flowRunId: string) {
  return build
    .selectFrom('task_run as task')
    .leftJoin('flow_run as subflow', 'subflow.parent_task_run_id', 'task.id')
    .where('task.flow_run_id', '=', flowRunId)
}

interface NodeRow {
  id: string
  label: string
  flow_name: string | null
  is_subflow: boolean | number
  state_type: StateType | null
  start_time: Timestamp
  end_time: Timestamp | null
  task__task_inputs: Row<'task_run'>['task_inputs']
}

async function readNodes(session: Session, flowRunId: string): Promise<NodeRow[]> {
  return session.all(
    nodesOf(session, flowRunId)
      .leftJoin('flow as subflow_flow', 'subflow_flow.id', 'subflow.flow_id')
      .select([
        sql<string>`coalesce(subflow.id, task.id)`.as('id'),
        sql<string>`coalesce(subflow.name, task.name)`.as('label'),
        'subflow_flow.name as flow_name',
        sql<boolean | number>`subflow.id is not null`.as('is_subflow'),
        sql<StateType | null>`coalesce(subflow.state_type, task.state_type)`.as('state_type'),
        started.as('start_time'),
        ended.as('end_time'),
        'task.task_inputs as task__task_inputs',
      ])
      .where(sql<boolean>`${started} is not null`)
      .orderBy(sql`start_time asc, end_time asc nulls last, id asc`)
      .$castTo<NodeRow>(),
  )
}
