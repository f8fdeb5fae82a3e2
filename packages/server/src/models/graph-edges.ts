import type { JsonObject } from '@reeve/schemas/json'
import { inputRefs } from './dependencies.ts'

/** The name of the input under which a task run names the runs it was called within. */
const ENCLOSING = '__parents__'

/** Ids of other nodes, each once. */
export interface Edges {
  parents: string[]
  children: string[]
  encapsulating: string[]
}

/** The edges between nodes, in the order of the nodes, by what their inputs refer to; others are left out. */
export function connect(nodes: readonly { id: string; task_inputs: JsonObject }[]): Map<string, Edges> {
  const edges = new Map<string, Edges>()
  const places = new Map<string, number>()
  for (const [place, { id }] of nodes.entries()) {
    edges.set(id, { parents: [], children: [], encapsulating: [] })
    places.set(id, place)
  }
  const inOrder = (ids: Set<string>) =>
    [...ids].sort((a, b) => (places.get(a) as number) - (places.get(b) as number))
  for (const { id, task_inputs } of nodes) {
    const own = edges.get(id) as Edges
    const parents = new Set<string>()
    const enclosing = new Set<string>()
    for (const [name, refs] of inputRefs(task_inputs)) {
      for (const ref of refs) if (edges.has(ref.id)) (name === ENCLOSING ? enclosing : parents).add(ref.id)
    }
    own.parents = inOrder(parents)
    own.encapsulating = inOrder(enclosing)
    for (const parent of parents) edges.get(parent)?.children.push(id)
  }
  return edges
}
