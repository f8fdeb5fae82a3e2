import { formatTimestamp } from '@reeve/schemas/time'
import type { Timestamp } from '@reeve/schemas/time'
import type { Dependency } from '../../models/dependencies.ts'
import type { GraphArtifact } from '../../models/graph-artifacts.ts'
import type { GraphNode, RunGraph } from '../../models/graph.ts'
import { estimatedRunTime } from './estimates.ts'
import { wireState } from './state.ts'
import { wireTime } from './times.ts'

/** A task run in the first form of the graph. */
export function wireDependency({ run, upstream }: Dependency, now: Timestamp) {
  return {
    id: run.id,
    name: run.name,
    upstream_dependencies: upstream.map((id) => ({ input_type: 'task_run', id })),
    state: wireState(run.state),
    expected_start_time: wireTime(run.expected_start_time),
    start_time: wireTime(run.start_time),
    end_time: wireTime(run.end_time),
    total_run_time: run.total_run_time,
    estimated_run_time: estimatedRunTime(run, now),
    untrackable_result: run.state?.state_details.untrackable_result ?? false,
  }
}

/** The graph in its second form. */
export function wireGraph(graph: RunGraph) {
  return {
    start_time: wireTime(graph.start_time),
    end_time: wireTime(graph.end_time),
    root_node_ids: graph.nodes.filter(({ parents }) => parents.length === 0).map(({ id }) => id),
    nodes: graph.nodes.map((node) => [node.id, wireNode(node)]),
    artifacts: graph.artifacts.map(wireArtifact),
    states: graph.states.map((state) => ({
      id: state.id,
      timestamp: formatTimestamp(state.timestamp),
      type: state.type,
      name: state.name,
    })),
  }
}

function wireNode(node: GraphNode) {
  return {
    kind: node.kind,
    id: node.id,
    label: node.label,
    state_type: node.state_type,
    start_time: formatTimestamp(node.start_time),
    end_time: wireTime(node.end_time),
    parents: edges(node.parents),
    children: edges(node.children),
    encapsulating: edges(node.encapsulating),
    artifacts: node.artifacts.map(wireArtifact),
  }
}

const edges = (ids: string[]) => ids.map((id) => ({ id }))

function wireArtifact(artifact: GraphArtifact) {
  return {
    id: artifact.id,
    created: formatTimestamp(artifact.created),
    key: artifact.key,
    type: artifact.type,
    is_latest: artifact.is_latest,
    data: artifact.data,
  }
}
