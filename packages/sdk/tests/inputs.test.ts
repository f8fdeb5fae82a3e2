import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { flow } from '../src/flow.ts'
import { InputTimeoutError, InvalidInputError, receiveInput, sendInput } from '../src/inputs.ts'
import { runContext } from '../src/run-context.ts'
import { sharedServer } from './helpers/shared-server.ts'

const withServer = sharedServer()
const SOON = { timeoutSeconds: 20, pollSeconds: 0.02 }

describe('messages to running flows', () => {
  test('come in order, and can be answered', () =>
    withServer(async () => {
      const squares = flow(
        async (count: number) => {
          const stream = receiveInput(z.bigint(), SOON)
          for (let n = 0; n < count; n++) {
            const { value, respond } = (await stream.next()).value!
            await respond(value ** 2n)
          }
        },
        { name: 'squares' },
      )
      const asking = flow(
        async () => {
          const run = squares.submit(3)
          for (const n of [2n, 3n, 4n]) await sendInput(await run.runId, n)
          const answers: bigint[] = []
          for await (const { value } of receiveInput(z.bigint(), SOON)) if (answers.push(value) === 3) break
          return answers
        },
        { name: 'asking' },
      )
      expect(await asking()).toEqual([4n, 9n, 16n])
    }))

  test('of one kind do not show among those of another', () =>
    withServer(async () => {
      const sorting = flow(
        async () => {
          const id = runContext().flowRun!.id
          await sendInput(id, { approved: true }, { kind: 'Approval' })
          await sendInput(id, 'plain', { kind: 'str' })
          await sendInput(id, 'other')
          const approval = await receiveInput(z.object({ approved: z.boolean() }), {
            ...SOON,
            kind: 'Approval',
          }).value()
          return [approval, await receiveInput(z.string(), { ...SOON, kind: 'str' }).value()]
        },
        { name: 'sorting' },
      )
      expect(await sorting()).toEqual([{ approved: true }, 'plain'])
    }))

  test('have the keys and the form that Python reads', () =>
    withServer(async ({ client }) => {
      const self = flow(
        async () => {
          const { id } = runContext().flowRun!
          await sendInput(id, 7, { kind: 'int' })
          await sendInput(id, { approved: true }, { kind: 'Approval' })
          return id
        },
        { name: 'self' },
      )
      const id = await self()
      const read = (prefix: string) => client.filterFlowRunInput({ params: { id }, body: { prefix } })
      const [int] = await read('intautomaticruninput-auto')
      expect(int).toMatchObject({ value: '{"value":7}', sender: `prefect.flow-run.${id}` })
      const [approval] = await read('approval-auto')
      expect(approval).toMatchObject({ value: '{"approved":true}' })
    }))

  test('that do not fit are told, and the next one is received', () =>
    withServer(async () => {
      const strict = flow(
        async () => {
          const { id } = runContext().flowRun!
          await sendInput(id, 'seven')
          await sendInput(id, 7)
          const stream = receiveInput(z.number(), SOON)
          await expect(stream.next()).rejects.toThrow(InvalidInputError)
          return stream.value()
        },
        { name: 'strict' },
      )
      expect(await strict()).toBe(7)
    }))

  test('that do not come end the stream, or throw', () =>
    withServer(async () => {
      const lonely = flow(
        async () => {
          const hurried = { timeoutSeconds: 0.05, pollSeconds: 0.01 }
          for await (const message of receiveInput(undefined, hurried)) return message
          await expect(receiveInput(undefined, hurried).value()).rejects.toThrow(InputTimeoutError)
          const throwing = receiveInput(undefined, { ...hurried, throwOnTimeout: true })
          await expect(throwing.next()).rejects.toThrow('within 0.05 seconds')
          return undefined
        },
        { name: 'lonely' },
      )
      await lonely()
    }))

  test('are received in flows only', () => {
    expect(() => receiveInput()).toThrow('works only inside of a flow')
  })
})
