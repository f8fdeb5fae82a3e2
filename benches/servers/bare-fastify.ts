import Fastify from 'fastify'

/** The ceiling: reads each body as JSON and answers one of the real size; keeps nothing, checks nothing. */
interface Body {
  [key: string]: unknown
  state?: { type: string; name: string; state_details?: object }
}

const app = Fastify({ logger: false })
const now = () => new Date().toISOString()

function answeredState(state: Body['state']) {
  return {
    id: crypto.randomUUID(),
    type: state?.type,
    name: state?.name,
    timestamp: now(),
    message: null,
    data: null,
    state_details: state?.state_details,
  }
}

function answeredRun(body: Body) {
  const time = now()
  const state = answeredState(body.state)
  return {
    id: crypto.randomUUID(),
    created: time,
    updated: time,
    ...body,
    labels: {},
    state_id: state.id,
    state_type: state.type,
    state_name: state.name,
    run_count: 0,
    flow_run_run_count: 0,
    expected_start_time: time,
    next_scheduled_start_time: null,
    start_time: null,
    end_time: null,
    total_run_time: 0,
    estimated_run_time: 0,
    estimated_start_time_delta: 0,
    state,
  }
}

let newest: Body = {}

app.get('/api/health', () => true)
for (const path of ['/api/flows/', '/api/flow_runs/']) {
  app.post<{ Body: Body }>(path, (request, reply) => reply.code(201).send(answeredRun(request.body)))
}
app.post<{ Body: Body }>('/api/task_runs/', (request, reply) => {
  newest = request.body
  return reply.code(201).send(answeredRun(request.body))
})
app.post<{ Body: Body }>('/api/task_runs/:id/set_state', (request, reply) =>
  reply.code(201).send({
    state: answeredState(request.body.state),
    status: 'ACCEPT',
    details: { type: 'accept_details' },
  }),
)
app.get('/api/task_runs/:id', () => answeredRun(newest))

process.on('SIGTERM', () => process.exit(0))
await app.listen({ host: '127.0.0.1', port: Number(process.argv[2]) })
