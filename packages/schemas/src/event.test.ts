import { expect, test } from 'vitest'
import { Event, MAX_LABELS_PER_RESOURCE, MAX_RELATED_RESOURCES } from './event.ts'

const EVENT = {
  occurred: '2026-01-01T00:00:00Z',
  event: 'thing.happened',
  resource: { 'prefect.resource.id': 'thing.1' },
  id: 'a7a7a7a7-a7a7-a7a7-a7a7-a7a7a7a7a7a7',
}
const RELATED = { 'prefect.resource.id': 'other.1', 'prefect.resource.role': 'friend' }

test('an event needs no related resources, payload or forerunner', () => {
  expect(Event.parse(EVENT)).toMatchObject({ related: [], payload: {}, follows: null })
})

test('what the server adds itself is dropped, and so are unknown keys', () => {
  const event = Event.parse({ ...EVENT, received: 'whenever', colour: 'red' })
  expect(event).not.toHaveProperty('received')
  expect(event).not.toHaveProperty('colour')
})

test.each([
  ['no id', { 'prefect.resource.name': 'x' }],
  ['an empty id', { 'prefect.resource.id': '' }],
  ['a label that is no text', { 'prefect.resource.id': 'x', size: 5 }],
  [
    'too many labels',
    Object.fromEntries([
      ['prefect.resource.id', 'x'],
      ...Array.from({ length: MAX_LABELS_PER_RESOURCE }, (_, i) => [`l${i}`, '']),
    ]),
  ],
])('a resource with %s is refused', (_what, resource) => {
  expect(Event.safeParse({ ...EVENT, resource }).success).toBe(false)
})

test('a related resource needs a role', () => {
  const { 'prefect.resource.role': _role, ...roleless } = RELATED
  expect(Event.safeParse({ ...EVENT, related: [RELATED] }).success).toBe(true)
  expect(Event.safeParse({ ...EVENT, related: [roleless] }).success).toBe(false)
})

test('related resources are bounded', () => {
  const related = Array(MAX_RELATED_RESOURCES).fill(RELATED)
  expect(Event.safeParse({ ...EVENT, related }).success).toBe(true)
  expect(Event.safeParse({ ...EVENT, related: [...related, RELATED] }).success).toBe(false)
})
