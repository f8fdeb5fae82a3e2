import { readCollectionView as route } from '@reeve/schemas/routes/root'
import { ok, refuse } from '../answer.ts'
import { endpoint } from '../endpoint.ts'
import { WORKER_CATALOG } from './worker-catalog.ts'

/** Blocks and flows of other packages are not listed: their own registration tells the server of them. */
const VIEWS: { [view: string]: unknown } = {
  'aggregate-worker-metadata': WORKER_CATALOG,
  'aggregate-block-metadata': {},
  'aggregate-flow-metadata': {},
  'demo-flows': {},
}

export const readCollectionView = endpoint(route, async ({ params }) =>
  Object.hasOwn(VIEWS, params.view)
    ? ok(VIEWS[params.view])
    : refuse(404, `View ${params.view} not found in registry`),
)
