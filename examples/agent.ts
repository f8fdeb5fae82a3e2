/**
 * An agent: a model that asks for tools until it has an answer. Shows: model calls and tools as tasks, so that
 * each is recorded, retried and, when the process dies, not paid for twice. The model here is a script.
 */
import { flow, log, task } from 'reeve'

type Message =
  | { role: 'user' | 'assistant'; text: string }
  | { role: 'call'; tool: ToolName; input: string }
  | { role: 'tool'; text: string }

const tools = {
  weather: task((city: string) => ({ Oslo: '-4 °C, snow', Lisbon: '17 °C, sun' })[city] ?? 'unknown', {
    name: 'weather',
  }),
  search: task(
    (query: string) => {
      if (query.includes('flights')) return 'TP 775, 07:10'
      throw new Error('the search does not answer')
    },
    { name: 'search', retries: 1 },
  ),
}

type ToolName = keyof typeof tools

const SCRIPT: Message[] = [
  { role: 'call', tool: 'weather', input: 'Oslo' },
  { role: 'call', tool: 'search', input: 'hotels in Lisbon' },
  { role: 'call', tool: 'weather', input: 'Lisbon' },
  { role: 'call', tool: 'search', input: 'flights from Oslo to Lisbon' },
  { role: 'assistant', text: 'Go to Lisbon tomorrow with TP 775: it is 21 degrees warmer.' },
]

const think = task(
  async (transcript: Message[]): Promise<Message> =>
    SCRIPT[transcript.filter(({ role }) => role === 'tool').length]!,
  { name: 'think', retries: 3, retryDelaySeconds: 1, timeoutSeconds: 60 },
)

const agent = flow(
  async (question: string, maxSteps = 10) => {
    const transcript: Message[] = [{ role: 'user', text: question }]
    for (let step = 0; step < maxSteps; step++) {
      const next = await think(transcript)
      if (next.role !== 'call') return next.role === 'assistant' ? next.text : 'no answer'
      const used = await tools[next.tool].returnState(next.input)
      const text = used.isCompleted ? used.result() : `failed: ${used.message}`
      log.info(`${next.tool}(${next.input})`, { text })
      console.log(`${next.tool}(${next.input}) → ${text}`)
      transcript.push(next, { role: 'tool', text })
    }
    throw new Error(`No answer after ${maxSteps} steps`)
  },
  { name: 'agent' },
)

console.log(await agent('Where should I go tomorrow?'))
