import { expect, onTestFinished, test } from 'vitest'
import { captureConsole } from './console.ts'

test('what the handler takes is not printed, everything else is, with one wrapper only', () => {
  const printed: unknown[][] = []
  const { log } = console
  onTestFinished(() => void (console.log = log))
  console.log = (...args: unknown[]) => void printed.push(args)
  captureConsole((method, args) => method === 'log' && args[0] === 'taken')
  captureConsole(() => true)
  console.log('taken')
  console.log('free', 1)
  expect(printed).toEqual([['free', 1]])
})
