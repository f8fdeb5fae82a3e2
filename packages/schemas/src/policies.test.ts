import { expect, test } from 'vitest'
import { FlowRunPolicy, TaskRunPolicy } from './policies.ts'

test('the deprecated keys count when the present ones are absent or zero', () => {
  const legacy = { max_retries: 3, retry_delay_seconds: 7 }
  expect(FlowRunPolicy.parse(legacy)).toMatchObject({ ...legacy, retries: 3, retry_delay: 7 })
  expect(FlowRunPolicy.parse({ ...legacy, retries: 0 }).retries).toBe(3)
  expect(FlowRunPolicy.parse({ ...legacy, retries: 1 }).retries).toBe(1)
  expect(TaskRunPolicy.parse({ retry_delay_seconds: 3.5 }).retry_delay).toBe(3.5)
})

test('the delay of a flow run is a whole number, wherever it comes from', () => {
  expect(FlowRunPolicy.safeParse({ retry_delay: 1.5 }).success).toBe(false)
  expect(FlowRunPolicy.safeParse({ retry_delay_seconds: 7.5 }).success).toBe(false)
})

test('the delay of a task run is a number or a list of at most fifty', () => {
  const read = (retry_delay: unknown) => TaskRunPolicy.safeParse({ retry_delay })
  expect(read(['5', 1.5, 2]).data?.retry_delay).toEqual([5, 1.5, 2])
  expect(read(Array(50).fill(1)).success).toBe(true)
  expect(read(Array(51).fill(1)).success).toBe(false)
  expect(read([1, 'x']).success).toBe(false)
})

test('jitter is not negative', () => {
  expect(TaskRunPolicy.safeParse({ retry_jitter_factor: -1 }).success).toBe(false)
  expect(TaskRunPolicy.parse({ retry_jitter_factor: '0.5' }).retry_jitter_factor).toBe(0.5)
})

test('unknown keys are dropped', () => {
  expect(TaskRunPolicy.parse({ colour: 'red' })).toEqual({
    max_retries: 0,
    retry_delay_seconds: 0,
    retries: null,
    retry_delay: null,
    retry_jitter_factor: null,
  })
})

test('one default is not shared by two policies', () => {
  FlowRunPolicy.parse({}).pause_keys?.push('key')
  expect(FlowRunPolicy.parse({}).pause_keys).toEqual([])
})
