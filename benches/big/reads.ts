import { formatTimestamp } from '../../packages/schemas/src/time.ts'
import { DAY, flowRows, flowRunRows, flowRunsFor } from './rows.ts'

/** A request of a dashboard, the same for every server. */
export interface Read {
  name: string
  path: string
  body: string
  /** Milliseconds that its 95th percentile may take at most, whatever the reference takes. */
  most: number
}

const FAILED = { type: { any_: ['FAILED', 'CRASHED'] } }
const PAGE = 50
const PAGE_MS = 15

/** The reads of a dashboard on a database filled up to `now` with that many task runs. */
export function dashboardReads({ taskRuns, now }: { taskRuns: number; now: number }): Read[] {
  const since = (days: number) => ({ after_: formatTimestamp(now - days * DAY) })
  const span = (days: number, bars: number) => ({
    history_start: formatTimestamp(now - days * DAY),
    history_end: formatTimestamp(now),
    history_interval_seconds: (days * 86_400) / bars,
  })
  const recent = Math.max(0, flowRunsFor(taskRuns) - 20)
  const flowRunId = flowRunRows({ number: recent, taskRuns, now }, flowRows(now)).flow_run.id
  const flowRuns = (name: string, body: object) => read(name, '/flow_runs/filter', body, PAGE_MS)
  const taskRunsPage = (name: string, body: object) => read(name, '/task_runs/filter', body, PAGE_MS)
  const newest = { sort: 'EXPECTED_START_TIME_DESC', limit: PAGE }
  return [
    flowRuns('newest 50 flow runs', { sort: 'START_TIME_DESC', limit: PAGE }),
    flowRuns('failed flow runs of 7 days', {
      flow_runs: { state: FAILED, start_time: since(7) },
      sort: 'START_TIME_DESC',
      limit: PAGE,
    }),
    read('flow-run history of 7 days', '/flow_runs/history', span(7, 56), PAGE_MS),
    read(
      '200 task runs of a run',
      '/task_runs/filter',
      {
        flow_runs: { id: { any_: [flowRunId] } },
        sort: 'EXPECTED_START_TIME_DESC',
        limit: 200,
      },
      Infinity,
    ),
    taskRunsPage('newest 50 task runs', newest),
    taskRunsPage('failed task runs of 24 h', {
      task_runs: { state: FAILED, start_time: since(1) },
      ...newest,
    }),
    read('count of 7 days', '/task_runs/count', { task_runs: { start_time: since(7) } }, PAGE_MS),
    read('count all', '/task_runs/count', {}, PAGE_MS),
    read('task-run history of 24 h', '/task_runs/history', span(1, 24), PAGE_MS),
    taskRunsPage('name like', { task_runs: { name: { like_: 'score-41' } }, ...newest }),
    taskRunsPage('tags all', { task_runs: { tags: { all_: ['gpu', 'batch'] } }, ...newest }),
    taskRunsPage('offset 100,000', { ...newest, offset: Math.min(100_000, taskRuns / 2) }),
    read('flow-run history of 30 days', '/flow_runs/history', span(30, 60), PAGE_MS),
    read(
      'count of failed, 24 h',
      '/task_runs/count',
      { task_runs: { state: FAILED, start_time: since(1) } },
      PAGE_MS,
    ),
    read('count of failed, all', '/task_runs/count', { task_runs: { state: FAILED } }, PAGE_MS),
    read('count of 24 h by state', '/ui/task_runs/count', { task_runs: { start_time: since(1) } }, PAGE_MS),
    read('count of 7 days by state', '/ui/task_runs/count', { task_runs: { start_time: since(7) } }, PAGE_MS),
    read('count of flow runs', '/flow_runs/count', { flow_runs: { expected_start_time: since(7) } }, PAGE_MS),
    taskRunsPage('task runs by name', { sort: 'NAME_ASC', limit: PAGE }),
    taskRunsPage('task runs scheduled next', { sort: 'NEXT_SCHEDULED_START_TIME_ASC', limit: PAGE }),
    read(
      '200 log lines of a run',
      '/logs/filter',
      { logs: { flow_run_id: { any_: [flowRunId] } }, sort: 'TIMESTAMP_ASC', limit: 200 },
      Infinity,
    ),
  ]
}

function read(name: string, path: string, body: object, most: number): Read {
  return { name, path: `/api${path}`, body: JSON.stringify(body), most }
}
