import { describe, expect, test } from 'vitest'
import { type LogRecord, LogShipper } from './shipper.ts'

function record(message: string): LogRecord {
  return { name: 'test', level: 20, message, timestamp: new Date(0).toISOString(), flow_run_id: null, task_run_id: null }
}

function collector(options: { fail?: boolean; gate?: Promise<void> } = {}) {
  const batches: string[][] = []
  const send = async (batch: LogRecord[]) => {
    await options.gate
    if (options.fail) throw new Error('away')
    batches.push(batch.map(({ message }) => message))
  }
  return { batches, send }
}

describe('LogShipper', () => {
  test('ships everything in order, in batches, by the time flush returns', async () => {
    const { batches, send } = collector()
    const shipper = new LogShipper({ send, maxBatch: 40 })
    const messages = Array.from({ length: 95 }, (_, i) => String(i))
    for (const message of messages) shipper.add(record(message))
    await shipper.flush()
    expect(batches.flat()).toEqual(messages)
    expect(batches.map((batch) => batch.length)).toEqual([40, 40, 15])
    expect(shipper.dropped).toBe(0)
  })

  test('records added while a batch is on its way are flushed too', async () => {
    const gate = Promise.withResolvers<void>()
    const { batches, send } = collector({ gate: gate.promise })
    const shipper = new LogShipper({ send, maxBatch: 1 })
    shipper.add(record('first'))
    shipper.add(record('second'))
    const flushed = shipper.flush()
    shipper.add(record('third'))
    gate.resolve()
    await flushed
    expect(batches.flat()).toEqual(['first', 'second', 'third'])
  })

  test('keeps no more than its bound while the server is slow, and counts the rest', async () => {
    const gate = Promise.withResolvers<void>()
    const { batches, send } = collector({ gate: gate.promise })
    const shipper = new LogShipper({ send, maxQueued: 10, maxBatch: 1000 })
    for (let i = 0; i < 25; i++) shipper.add(record(String(i)))
    expect(shipper.dropped).toBe(15)
    gate.resolve()
    await shipper.flush()
    expect(batches.flat()).toHaveLength(10)
  })

  test('counts what the server refused and still returns from flush', async () => {
    const shipper = new LogShipper({ send: collector({ fail: true }).send })
    shipper.add(record('lost'))
    await shipper.flush()
    expect(shipper.dropped).toBe(1)
  })

  test('cuts messages that are too long', async () => {
    const { batches, send } = collector()
    const shipper = new LogShipper({ send, maxMessage: 10 })
    shipper.add(record('x'.repeat(50)))
    await shipper.flush()
    expect(batches).toEqual([['xxxxxxxxxx…']])
  })
})
