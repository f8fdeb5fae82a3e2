import { expect, test } from 'vitest'
import { runBody } from './run-body.ts'
import { Stop } from './stop.ts'

test('a listener is called once, at once if it has been stopped, and not when it was taken off', () => {
  const stop = new Stop()
  const called: string[] = []
  stop.onStop(() => called.push('before'))
  stop.onStop(() => called.push('taken off'))()
  stop.stop('first')
  stop.stop('second')
  stop.onStop(() => called.push('after'))
  expect(called).toEqual(['before', 'after'])
  expect([stop.reason, stop.signal.aborted]).toEqual(['first', true])
})

test('an inner one follows until it is let go, and longer while somebody listens to it', () => {
  const outer = new Stop()
  const [gone, kept] = [outer.inner(), outer.inner()]
  kept.stop.onStop(() => {})
  gone.letGo()
  kept.letGo()
  outer.stop('enough')
  expect([gone.stop.stopped, kept.stop.stopped, kept.stop.reason]).toEqual([false, true, 'enough'])
})

test('an inner one that is stopped leaves the outer one alone', () => {
  const outer = new Stop()
  outer.inner().stop.stop('late')
  expect(outer.stopped).toBe(false)
})

test.each([undefined, 5])(
  'a run that was stopped before is not begun (timeout: %s)',
  async (timeoutSeconds) => {
    const outer = new Stop()
    outer.stop('cancelled')
    let calls = 0
    const ending = await runBody(() => ++calls, { timeoutSeconds, outer, graceSeconds: 1 })
    expect(ending).toEqual({ kind: 'stopped', reason: 'cancelled' })
    expect(calls).toBe(0)
  },
)
