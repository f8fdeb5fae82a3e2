import { appendFileSync } from 'node:fs'
import { serveTasks } from '../../src/background/serve-tasks.ts'
import { task } from '../../src/task.ts'

/** Run by the test of workers: notes each run that it carries out, in the file that is its first argument. */
const [notes, key, milliseconds] = process.argv.slice(2) as [string, string, string]

export const note = task(
  async (word: string) => {
    await new Promise((resolve) => setTimeout(resolve, Number(milliseconds)))
    appendFileSync(notes, `${word}\n`)
    return word
  },
  { name: key },
)

await serveTasks([note], { concurrency: 4, onReady: () => process.stdout.write('ready\n') })
