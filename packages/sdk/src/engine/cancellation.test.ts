import { expect, onTestFinished, test } from 'vitest'
import { VirtualClock } from '../testing/virtual-clock.ts'
import { watchForCancellation } from './cancellation.ts'
import type { Runtime } from './runtime.ts'
import { Stop } from './stop.ts'

test('a server that does not answer is asked once, not again and again', () => {
  const clock = new VirtualClock(0)
  let asked = 0
  const readFlowRun = () => (asked++, new Promise(() => {}))
  const runtime = { api: { readFlowRun }, clock, settings: { cancelPollSeconds: 1 } } as unknown as Runtime
  const watch = watchForCancellation(runtime, 'id', new Stop())
  onTestFinished(() => watch.end())
  for (let i = 0; i < 5; i++) {
    clock.noteChange()
    clock.fireUntimed()
  }
  expect(asked).toBe(1)
})
