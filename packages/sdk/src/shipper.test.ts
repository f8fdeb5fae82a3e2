import { describe, expect, test } from 'vitest'
import { ApiError } from './client/api-error.ts'
import { Shipper } from './shipper.ts'

function collector(options: { fail?: boolean; gate?: Promise<void> } = {}) {
  const batches: string[][] = []
  const send = async (batch: string[]) => {
    await options.gate
    if (options.fail) throw new Error('away')
    batches.push(batch)
  }
  return { batches, send }
}

describe('Shipper', () => {
  test('ships everything in order, in batches, by the time flush returns', async () => {
    const { batches, send } = collector()
    const shipper = new Shipper({ send, maxBatch: 40 })
    const items = Array.from({ length: 95 }, (_, i) => String(i))
    for (const item of items) shipper.add(item)
    await shipper.flush()
    expect(batches.flat()).toEqual(items)
    expect(batches.map((batch) => batch.length)).toEqual([40, 40, 15])
    expect(shipper.dropped).toBe(0)
  })

  test('items added while a batch is on its way are flushed too', async () => {
    const gate = Promise.withResolvers<void>()
    const { batches, send } = collector({ gate: gate.promise })
    const shipper = new Shipper({ send, maxBatch: 1 })
    shipper.add('first')
    shipper.add('second')
    const flushed = shipper.flush()
    shipper.add('third')
    gate.resolve()
    await flushed
    expect(batches.flat()).toEqual(['first', 'second', 'third'])
  })

  test('an item that the server refuses keeps no other from being shipped', async () => {
    const taken: string[] = []
    const send = async (batch: string[]) => {
      if (batch.includes('bad')) throw new ApiError('POST /events', 422, { detail: 'bad' })
      taken.push(...batch)
    }
    const shipper = new Shipper({ send, maxBatch: 4 })
    for (const item of ['1', '2', 'bad', '3', '4']) shipper.add(item)
    await shipper.flush()
    expect(taken).toEqual(['1', '2', '3', '4'])
    expect(shipper.dropped).toBe(1)
    expect(String(shipper.failure)).toContain('answered 422: bad')
  })

  test('keeps no more than its bound while the server is slow, and counts the rest', async () => {
    const gate = Promise.withResolvers<void>()
    const { batches, send } = collector({ gate: gate.promise })
    const shipper = new Shipper({ send, maxQueued: 10, maxBatch: 1000 })
    for (let i = 0; i < 25; i++) shipper.add(String(i))
    expect(shipper.dropped).toBe(15)
    gate.resolve()
    await shipper.flush()
    expect(batches.flat()).toHaveLength(10)
  })

  test('counts what the server refused and still returns from flush', async () => {
    const shipper = new Shipper({ send: collector({ fail: true }).send })
    shipper.add('lost')
    await shipper.flush()
    expect(shipper.dropped).toBe(1)
  })

  test('does not let flush wait for a server that is away once for each batch', async () => {
    let tries = 0
    const send = async () => {
      tries++
      throw new Error('away')
    }
    const shipper = new Shipper({ send, maxBatch: 100 })
    for (let i = 0; i < 99; i++) shipper.add(String(i))
    const gate = shipper.flush()
    for (let i = 0; i < 900; i++) shipper.add(String(i))
    await gate
    await shipper.flush()
    expect(shipper.dropped).toBe(999)
    expect(tries).toBeLessThanOrEqual(3)
  })
})
