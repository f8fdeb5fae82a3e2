import { formatTimestamp } from '@reeve/schemas/time'
import type { DeploymentRecord } from '../../models/deployments.ts'
import { wireGlobalLimit } from './concurrency-limit.ts'
import { wireTime } from './times.ts'

/** A deployment as the contract prints it. Schedules, pools and provenance are not there yet. */
export function wireDeployment(deployment: DeploymentRecord) {
  return {
    id: deployment.id,
    created: formatTimestamp(deployment.created),
    updated: formatTimestamp(deployment.updated),
    name: deployment.name,
    version: deployment.version,
    description: deployment.description,
    flow_id: deployment.flow_id,
    paused: deployment.paused,
    schedules: [],
    concurrency_limit: null,
    global_concurrency_limit: deployment.limit && wireGlobalLimit(deployment.limit),
    concurrency_options: deployment.concurrency_options,
    job_variables: deployment.job_variables ?? {},
    parameters: deployment.parameters,
    tags: deployment.tags,
    labels: deployment.labels,
    work_queue_name: deployment.work_queue_name,
    work_queue_id: deployment.work_queue_id,
    last_polled: wireTime(deployment.last_polled),
    parameter_openapi_schema: deployment.parameter_openapi_schema,
    path: deployment.path,
    pull_steps: deployment.pull_steps,
    entrypoint: deployment.entrypoint,
    storage_document_id: deployment.storage_document_id,
    infrastructure_document_id: deployment.infrastructure_document_id,
    created_by: null,
    updated_by: null,
    work_pool_name: null,
    status: deployment.status,
    enforce_parameter_schema: deployment.enforce_parameter_schema,
  }
}
