import { appendFileSync } from 'node:fs'
import { serve } from '../../src/deployments/serve.ts'
import { flow } from '../../src/flow.ts'
import { task } from '../../src/task.ts'

/** Run by the test of served flows: two steps that are noted in a file; told to, it dies in the second one. */
const [notes, name, ending] = process.argv.slice(2) as [string, string, string | undefined]

const step = task(
  async (word: string) => {
    appendFileSync(notes, `${word}\n`)
    if (word === 'second' && ending === 'dies') process.kill(process.pid, 'SIGKILL')
    if (word === 'first' && ending === 'slow') await new Promise((resolve) => setTimeout(resolve, 500))
    return word
  },
  { name: 'step' },
)

const served = flow(async () => [await step('first'), await step('second')].join(' '), { name })

await serve([served.deployment('main')], { onReady: () => process.stdout.write('ready\n') })
