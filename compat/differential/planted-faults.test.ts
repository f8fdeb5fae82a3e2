import { expect, test } from 'vitest'
import type { Send } from './execute.ts'
import type { Answer } from './normalise.ts'
import type { Operation, Sequence } from './operation.ts'
import { runBoth } from './run-both.ts'
import { shrink } from './shrink.ts'

interface Run {
  id: string
  name: string
  tags: string[]
  state: { id: string; type: string; name: string; timestamp: string; message: string | null }
  start_time: string | null
  run_count: number
  total_run_time: number
}

/**
 * A small server of flow runs with its own ids. With a fault it changes its answers, as a server with that mistake
 * would; the clock is `offset` seconds from the moment that the sequence starts at.
 */
function server(fault: (path: string, answer: Answer) => Answer = (_path, answer) => answer): Send {
  const runs: Run[] = []
  let ids = 0
  let micros = 0
  const id = () => crypto.randomUUID().replace(/^.{8}/, (++ids).toString(16).padStart(8, '0'))
  const now = () => new Date().toISOString().replace(/\.\d+Z/, `.${String(++micros).padStart(6, '0')}Z`)
  const state = (type: string) => ({ id: id(), type, name: type, timestamp: now(), message: 'm: why' })
  const answer = (method: string, path: string, body: any): Answer => {
    if (method === 'POST' && path === '/flow_runs/') {
      const run = { id: id(), name: body.name, tags: body.tags ?? [], state: state('PENDING') }
      runs.push({ ...run, start_time: null, run_count: 0, total_run_time: 0 })
      return { status: 201, body: runs.at(-1) }
    }
    if (path === '/flow_runs/filter') {
      return { status: 200, body: runs.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
    }
    const run = runs.find((each) => path.includes(each.id))
    if (!run) return { status: 404, body: { detail: `Flow run ${path} not found` } }
    if (!path.endsWith('/set_state')) return { status: 200, body: run }
    const type = body?.state?.type ?? 'NONE'
    if (run.state.type === type) {
      const details = { type: 'reject_details', reason: `Run ${run.id} is that already` }
      return { status: 200, body: { status: 'REJECT', state: run.state, details } }
    }
    run.state = state(type)
    run.run_count++
    run.start_time ??= run.state.timestamp
    return { status: 201, body: { status: 'ACCEPT', state: run.state, details: { type: 'accept_details' } } }
  }
  return async (method, path, body) => fault(path, structuredClone(answer(method, path, body)))
}

const create = (name: string): Operation => ({
  method: 'POST',
  path: '/flow_runs/',
  body: { name: `${name}-@scope`, tags: ['a', 'b'] },
  makes: { [name]: 'id' },
})
const read = (name: string): Operation => ({ method: 'GET', path: `/flow_runs/@id(${name})` })
const propose = (name: string, type: string): Operation => ({
  method: 'POST',
  path: `/flow_runs/@id(${name})/set_state`,
  body: { state: { type } },
})
const SEQUENCE: Sequence = {
  seed: 1,
  version: '3.8.8',
  operations: [
    create('run1'),
    create('run2'),
    read('run1'),
    propose('run1', 'RUNNING'),
    propose('run1', 'RUNNING'),
    read('run1'),
    { method: 'POST', path: '/flow_runs/filter', body: {}, order: ['name'] },
    read('missing'),
  ],
}

test('two servers that differ only in ids, moments and wording are the same', async () => {
  const wording = server((_path, { status, body }) =>
    body.details
      ? { status, body: { ...body, details: { ...body.details, reason: 'because' } } }
      : { status, body },
  )
  const reworded = server((_path, { status, body }) =>
    body.details?.reason
      ? { status, body: { ...body, details: { ...body.details, reason: 'other words' } } }
      : { status, body },
  )
  expect(await runBoth(SEQUENCE, server(), server())).toBeUndefined()
  expect(await runBoth(SEQUENCE, server(), reworded)).toBeUndefined()
  expect(await runBoth(SEQUENCE, server(), wording)).toMatchObject({ index: 3 })
})

type Fault = (path: string, answer: Answer) => Answer | undefined
const change =
  (edit: (body: any, path: string) => void, when: (body: any, path: string) => boolean): Fault =>
  (path, answer) => {
    if (answer.body && when(answer.body, path)) edit(answer.body, path)
    return answer
  }
const isRun = (body: any) => typeof body.name === 'string'
const started = (body: any) => isRun(body) && body.start_time !== null
const isResult = (body: any) => body.status !== undefined && body.state

const FAULTS: { [fault: string]: { fault: Fault; index: number; place: string } } = {
  'another status code': {
    fault: (_path, answer) => ({ ...answer, status: answer.status === 201 ? 200 : answer.status }),
    index: 0,
    place: 'status',
  },
  'a missing field': { fault: change((body) => delete body.tags, isRun), index: 0, place: 'body.tags' },
  'a field too many': { fault: change((body) => (body.extra = null), isRun), index: 0, place: 'body.extra' },
  'null for an empty list': {
    fault: change((body) => (body.tags = null), isRun),
    index: 0,
    place: 'body.tags',
  },
  'tags in another order': {
    fault: change((body) => body.tags.reverse(), isRun),
    index: 0,
    place: 'body.tags[0]',
  },
  'a count as text': {
    fault: change((body) => (body.run_count = String(body.run_count)), isRun),
    index: 0,
    place: 'body.run_count',
  },
  'a count that is one off': {
    fault: change((body) => body.run_count++, started),
    index: 5,
    place: 'body.run_count',
  },
  'a rejection that is an acceptance': {
    fault: change((body) => (body.status = 'ACCEPT'), isResult),
    index: 4,
    place: 'body.status',
  },
  'a new state for a rejection that keeps the old one': {
    fault: change(
      (body) => (body.state.id = crypto.randomUUID()),
      (body) => isResult(body) && body.status === 'REJECT',
    ),
    index: 4,
    place: 'body.state.id',
  },
  'the id of another run': {
    fault: (() => {
      const ids: string[] = []
      return change((body, path) => {
        if (path === '/flow_runs/') ids.push(body.id)
        else body.id = ids[1]
      }, isRun)
    })(),
    index: 2,
    place: 'body.id',
  },
  'a start time beside the time of the state': {
    fault: change((body) => (body.start_time = body.start_time.replace(/\.\d{6}/, '.999999')), started),
    index: 5,
    place: 'body.start_time',
  },
  'a start time an hour away': {
    fault: change((body) => (body.start_time = new Date(Date.now() + 3_600_000).toISOString()), started),
    index: 5,
    place: 'body.start_time',
  },
  'a moment with three digits': {
    fault: change((body) => (body.state.timestamp = body.state.timestamp.replace(/\d{3}Z/, 'Z')), isRun),
    index: 0,
    place: 'body.state.timestamp',
  },
  'a duration a minute too long': {
    fault: change((body) => (body.total_run_time += 60), started),
    index: 5,
    place: 'body.total_run_time',
  },
  'a lost message': {
    fault: change((body) => (body.state.message = null), isRun),
    index: 0,
    place: 'body.state.message',
  },
  'a list upside down': {
    fault: change(
      (body) => body.reverse(),
      (_body, path) => path === '/flow_runs/filter',
    ),
    index: 6,
    place: 'body[0]',
  },
  'a row too few': {
    fault: change(
      (body) => body.pop(),
      (_body, path) => path === '/flow_runs/filter',
    ),
    index: 6,
    place: 'body',
  },
  'another form of the error': {
    fault: (_path, answer) =>
      answer.status === 404 ? { status: 404, body: { exception_message: 'not found' } } : answer,
    index: 7,
    place: 'body.detail',
  },
}

test.each(Object.entries(FAULTS))(
  '%s is found where it shows first',
  async (_name, { fault, index, place }) => {
    const found = await runBoth(
      SEQUENCE,
      server(),
      server((path, answer) => fault(path, answer) ?? answer),
    )
    expect(found?.index).toBe(index)
    expect(found?.lines.some((line) => line.startsWith(place))).toBe(true)
  },
)

test('a difference is shrunk to the operations and keys that it needs', async () => {
  // Wrong only for the second read after a transition.
  const faulty = () => {
    let proposed = false
    return server((path, answer) => {
      proposed ||= path.endsWith('/set_state')
      if (proposed && isRun(answer.body)) answer.body.tags = []
      return answer
    })
  }
  const run = (sequence: Sequence) => runBoth(sequence, server(), faulty())
  const difference = await run(SEQUENCE)
  expect(difference).toMatchObject({ index: 5 })
  if (!difference) return
  const least = await shrink(SEQUENCE, difference, run)
  expect(least.sequence.operations.map(({ method, path }) => `${method} ${path}`)).toEqual([
    'POST /flow_runs/',
    'POST /flow_runs/@id(run1)/set_state',
    'GET /flow_runs/@id(run1)',
  ])
})
