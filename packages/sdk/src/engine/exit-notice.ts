import { log } from '../logs/logger.ts'

const goingOn = new Set<string>()

/**
 * Says so on the way out when the process ends in the middle of a flow run, by `process.exit` or an error that nobody
 * caught: there is no time left then to tell the server. The returned function says that the run is over.
 */
export function noteGoingOn(flowRunId: string): () => void {
  if (goingOn.size === 0) process.on('exit', tell)
  goingOn.add(flowRunId)
  return () => {
    goingOn.delete(flowRunId)
    if (goingOn.size === 0) process.off('exit', tell)
  }
}

function tell(): void {
  const ids = [...goingOn].slice(0, 10).join(', ')
  log.warn(
    `The process ends in the middle of ${goingOn.size === 1 ? 'a flow run' : `${goingOn.size} flow runs`} (${ids}), ` +
      'which the server goes on to show as Running. The flow takes one up, where it was, with resume(id)',
  )
}
