import { expect, test } from 'vitest'
import { RunError, State } from './state.ts'

const told = {
  name: 'Skipped',
  message: 'nothing to do',
  id: 'a',
  timestamp: '2026-01-01T00:00:00Z',
  details: { cache_key: 'k' },
  stored: { type: 'not-kept' },
}

test('a changed state keeps everything else', () => {
  const state = new State('COMPLETED', { ...told, data: 7 })
  expect(state.with({})).toEqual(state)
  expect(state.with({}).data).toBe(7)
  const failed = state.with({ type: 'FAILED', message: 'no' })
  expect(failed).toMatchObject({ ...told, type: 'FAILED', message: 'no' })
  expect(state).toMatchObject({ type: 'COMPLETED', message: 'nothing to do' })
})

test('the result is that of a completed run; of another its failure', () => {
  expect(new State('COMPLETED', { data: undefined }).result()).toBeUndefined()
  const error = new Error('broken')
  expect(() => new State('FAILED', { error, data: 1 }).result()).toThrow(error)
  expect(() => new State('CANCELLED', { message: 'by me' }).result()).toThrow(RunError)
  expect(() => new State('CANCELLED', { message: 'by me' }).result()).toThrow('Cancelled("by me")')
})
