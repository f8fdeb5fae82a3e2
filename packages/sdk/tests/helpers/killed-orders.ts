import { appendFileSync, readFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { flow } from '../../src/flow.ts'
import { runContext } from '../../src/run-context.ts'
import { step } from '../../src/step.ts'

/**
 * Says a dot for each effect that comes. Run, and killed, by the kill test: carries out orders until it is told to stop on standard input, and those
 * that earlier lives began. `journal` tells what was begun and done, `effects` what steps did to the world.
 */
const [journal, effects] = process.argv.slice(2) as [string, string]
const PARALLEL = 3

const pause = () => after(Math.random() * 4)

async function affect(order: string, name: string): Promise<string> {
  await pause()
  process.stdout.write('.')
  const token = crypto.randomUUID().slice(0, 8)
  appendFileSync(effects, `${order} ${name} ${token}\n`)
  await pause()
  return token
}

const handle = flow(
  async (order: string) => {
    appendFileSync(journal, `began ${order} ${runContext().flowRun!.id}\n`)
    return [
      await step('reserve', () => affect(order, 'reserve')),
      await step('charge', () => affect(order, 'charge')),
      await step('ship', () => affect(order, 'ship')),
    ]
  },
  { name: 'order', persistResult: true },
)

let stopping = false
process.stdin.on('data', () => (stopping = true)).on('end', () => process.exit(1))

const began = new Map<string, string>()
for (const line of readFileSync(journal, 'utf8').split('\n')) {
  const [what, order, rest] = line.split(' ') as [string, string, string]
  if (what === 'began') began.set(order, rest)
  if (what === 'done') began.delete(order)
}
const left = [...began]

async function worker(): Promise<void> {
  while (!stopping || left.length > 0) {
    const [order, id] = left.shift() ?? [crypto.randomUUID().slice(0, 8), undefined]
    const tokens = await (id === undefined ? handle(order) : handle.resume(id))
    appendFileSync(journal, `done ${order} ${tokens.join(',')}\n`)
  }
}

await Promise.all(Array.from({ length: PARALLEL }, worker))
process.stdin.destroy()
