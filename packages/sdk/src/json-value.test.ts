import { expect, test } from 'vitest'
import { emitEvent } from './events.ts'
import { variable } from './variables.ts'

test('what has no JSON form is refused where it is given, by its name', async () => {
  const circle: { [key: string]: unknown } = {}
  circle.self = circle
  const event = () =>
    emitEvent('order.paid', { resource: { id: 'order.1' }, payload: { total: 1n } as never })
  expect(event).toThrow("The payload of event 'order.paid' must be JSON: ")
  await expect(variable.set('region', circle as never)).rejects.toThrow(
    "The value of variable 'region' must be JSON: Converting circular structure to JSON",
  )
  await expect(variable.set('region', undefined as never)).rejects.toThrow('undefined has no JSON form')
})
