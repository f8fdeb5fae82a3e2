import { COMMON_VARIABLES, baseJob } from './base-job.ts'
import type { BaseJob } from './base-job.ts'
import { DOCKER_JOB } from './docker-job.ts'
import { KUBERNETES_JOB } from './kubernetes-job.ts'

interface WorkerType {
  type: string
  display_name: string
  description: string
  documentation_url: string | null
  logo_url: string | null
  install_command: string
  is_beta: boolean
  default_base_job_configuration: BaseJob
}

const PROCESS_JOB = baseJob({
  ...COMMON_VARIABLES,
  stream_output: {
    type: 'boolean',
    title: 'Stream Output',
    description: 'Whether what the run prints appears where the worker runs.',
    default: true,
  },
  working_dir: {
    type: 'string',
    format: 'path',
    title: 'Working Directory',
    description: 'Where the process runs. Without it, a new folder that is removed afterwards.',
  },
})

function workerType(
  type: string,
  display_name: string,
  description: string,
  install_command: string,
  default_base_job_configuration: BaseJob,
): WorkerType {
  return {
    type,
    display_name,
    description,
    documentation_url: null,
    logo_url: null,
    install_command,
    is_beta: false,
    default_base_job_configuration,
  }
}

/** The kinds of worker that are known before any worker has called, by the package that brings them. */
export const WORKER_CATALOG: { [collection: string]: { [type: string]: WorkerType } } = {
  prefect: {
    process: workerType(
      'process',
      'Process',
      'Each run is a process on the machine of the worker. The simplest way to begin.',
      'pip install prefect',
      PROCESS_JOB,
    ),
  },
  'prefect-docker': {
    docker: workerType(
      'docker',
      'Docker',
      'Each run is a container. For runs that bring their own environment on one or a few machines.',
      'pip install prefect-docker',
      DOCKER_JOB,
    ),
  },
  'prefect-kubernetes': {
    kubernetes: workerType(
      'kubernetes',
      'Kubernetes',
      'Each run is a job in a cluster. For many runs on many machines.',
      'pip install prefect-kubernetes',
      KUBERNETES_JOB,
    ),
  },
}
