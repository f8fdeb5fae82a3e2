import { z } from 'zod'
import { TaskRunResult } from './run-input.ts'
import { JsonValue, Seconds, TimestampText, UuidText } from './scalars.ts'
import { State, StateType } from './state.ts'

/** One task run of the first graph, with the task runs it waited for. */
export const DependencyResult = z
  .object({
    id: UuidText,
    name: z.string(),
    upstream_dependencies: z.array(TaskRunResult),
    state: State.nullable(),
    expected_start_time: TimestampText.nullable(),
    start_time: TimestampText.nullable(),
    end_time: TimestampText.nullable(),
    total_run_time: Seconds.nullable(),
    estimated_run_time: Seconds.nullable(),
    untrackable_result: z.boolean(),
  })
  .meta({ id: 'DependencyResult' })
export interface DependencyResult extends z.infer<typeof DependencyResult> {}

const Edge = z.object({ id: UuidText }).meta({ id: 'Edge' })

export const GraphArtifact = z
  .object({
    id: UuidText,
    created: TimestampText,
    key: z.string().nullable(),
    type: z.string().nullable(),
    is_latest: z.boolean(),
    data: JsonValue.nullable(),
  })
  .meta({ id: 'GraphArtifact' })
export interface GraphArtifact extends z.infer<typeof GraphArtifact> {}

export const GraphState = z
  .object({ id: UuidText, timestamp: TimestampText, type: StateType, name: z.string() })
  .meta({ id: 'GraphState' })
export interface GraphState extends z.infer<typeof GraphState> {}

/** A task run or a subflow run of the graph; edges may name nodes that a `since` cut away. */
export const GraphNode = z
  .object({
    kind: z.enum(['flow-run', 'task-run']),
    id: UuidText,
    label: z.string(),
    state_type: StateType,
    start_time: TimestampText,
    end_time: TimestampText.nullable(),
    parents: z.array(Edge),
    children: z.array(Edge),
    encapsulating: z.array(Edge),
    artifacts: z.array(GraphArtifact),
  })
  .meta({ id: 'Node' })
export interface GraphNode extends z.infer<typeof GraphNode> {}

/** The second graph of a flow run: what ran, when, and on what it waited. */
export const Graph = z
  .object({
    start_time: TimestampText.nullable(),
    end_time: TimestampText.nullable(),
    root_node_ids: z.array(UuidText),
    nodes: z.array(z.tuple([UuidText, GraphNode])),
    artifacts: z.array(GraphArtifact),
    states: z.array(GraphState),
  })
  .meta({ id: 'Graph' })
export interface Graph extends z.infer<typeof Graph> {}
