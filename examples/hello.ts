/** The smallest program. Shows: flow() and task() wrap plain functions, which are called as before. */
import { flow, task } from 'reeve'

const greet = task((name: string) => `Hello, ${name}!`, { name: 'greet' })

const hello = flow(
  async (names: string[]) => {
    for (const name of names) console.log(await greet(name))
  },
  { name: 'hello' },
)

await hello(['Ada', 'Grace'])
