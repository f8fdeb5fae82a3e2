import { flowTransform } from '../rule.ts'

/** Every state that is written to a flow run is told to the world. */
export const emitStateEvent = flowTransform({
  name: 'emit-state-event',
  after({ effects }) {
    effects.push({ type: 'emit-state-event' })
  },
})
