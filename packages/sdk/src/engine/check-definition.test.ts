import { expect, test } from 'vitest'
import { flow } from '../flow.ts'
import { task } from '../task.ts'

test('what is no function is refused where it is given', () => {
  expect(() => task({ name: 't' } as never)).toThrow('task(fn, options) takes a function first; got object')
  expect(() => flow(undefined as never, { name: 'f' })).toThrow('flow(fn, options) takes a function first')
})

test.each([
  ['retries', -1, 'a whole number, 0 or more; got -1'],
  ['retries', '3', "a whole number, 0 or more; got '3'"],
  ['timeoutSeconds', 0, 'a number above 0; got 0'],
  ['timeoutSeconds', NaN, 'a number above 0; got NaN'],
  ['retryJitterFactor', -0.5, 'a number, 0 or more; got -0.5'],
  ['cacheExpirationSeconds', Infinity, 'a number, 0 or more; got Infinity'],
])('the option %s may not be %o', (name, value, complaint) => {
  const options = { name: 't', [name]: value }
  expect(() => task(() => 1, options)).toThrow(`The option ${name} of task 't' must be ${complaint}`)
  expect(() => task(() => 1, { name: 't' }).withOptions(options)).toThrow(complaint)
})

test('a flow says which of its options is wrong', () => {
  expect(() => flow(() => 1, { name: 'f', concurrency: 0 })).toThrow(
    "The option concurrency of flow 'f' must be 1 or more; got 0",
  )
  expect(() => flow(() => 1, { name: 'f' }).withOptions({ retries: 0.5 })).toThrow("retries of flow 'f'")
})
