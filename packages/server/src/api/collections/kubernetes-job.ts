import { COMMON_VARIABLES, baseJob } from './base-job.ts'

const text = (title: string, description: string) => ({ type: 'string', title, description })
const seconds = (title: string, description: string) => ({ type: 'integer', title, description })

const CLUSTER_CONFIG = {
  type: 'object',
  title: 'KubernetesClusterConfig',
  block_type_slug: 'kubernetes-cluster-config',
  properties: {
    config: { type: 'object', title: 'Config', description: 'What is in a kubeconfig file.' },
    context_name: text('Context Name', 'Which of its contexts is meant.'),
  },
  required: ['config', 'context_name'],
  secret_fields: [],
  block_schema_references: {},
}

/** The worker finds its container under this name. */
const CONTAINER = 'prefect-job'

const JOB_MANIFEST = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { generateName: '{{ name }}-', namespace: '{{ namespace }}', labels: '{{ labels }}' },
  spec: {
    backoffLimit: 0,
    ttlSecondsAfterFinished: '{{ finished_job_ttl }}',
    template: {
      spec: {
        parallelism: 1,
        completions: 1,
        restartPolicy: 'Never',
        serviceAccountName: '{{ service_account_name }}',
        containers: [
          {
            name: CONTAINER,
            image: '{{ image }}',
            imagePullPolicy: '{{ image_pull_policy }}',
            env: '{{ env }}',
            args: '{{ command }}',
            resources: {
              requests: { cpu: '{{ cpu_request }}', memory: '{{ memory_request }}' },
              limits: { cpu: '{{ cpu_limit }}', memory: '{{ memory_limit }}' },
            },
          },
        ],
      },
    },
  },
}

/** What a worker that starts jobs in a cluster lets a job set. */
export const KUBERNETES_JOB = baseJob(
  {
    ...COMMON_VARIABLES,
    namespace: { ...text('Namespace', 'Where jobs are made.'), default: 'default' },
    image: text('Image', 'Of the container. Without it, one of the version of the worker.'),
    service_account_name: text('Service Account Name', 'As whom the job runs.'),
    image_pull_policy: {
      ...text('Image Pull Policy', 'When the image is pulled.'),
      default: 'IfNotPresent',
      enum: ['IfNotPresent', 'Always', 'Never'],
    },
    finished_job_ttl: seconds('Finished Job TTL', 'Seconds until a job that has ended is removed.'),
    job_watch_timeout_seconds: seconds('Job Watch Timeout Seconds', 'How long a job may take.'),
    pod_watch_timeout_seconds: {
      ...seconds('Pod Watch Timeout Seconds', 'How long a pod may take to start.'),
      default: 60,
    },
    stream_output: {
      type: 'boolean',
      title: 'Stream Output',
      description: 'Whether what the run prints appears where the worker runs.',
      default: true,
    },
    cluster_config: {
      title: 'Cluster Config',
      description: 'Which cluster. Without it, the one that the worker is in.',
      allOf: [{ $ref: '#/definitions/KubernetesClusterConfig' }],
    },
    cpu_request: text('CPU Request', 'Such as `500m`.'),
    cpu_limit: text('CPU Limit', 'Such as `1`.'),
    memory_request: text('Memory Request', 'Such as `256Mi`.'),
    memory_limit: text('Memory Limit', 'Such as `1Gi`.'),
  },
  {
    name: '{{ name }}',
    command: '{{ command }}',
    env: '{{ env }}',
    labels: '{{ labels }}',
    namespace: '{{ namespace }}',
    job_manifest: JOB_MANIFEST,
    cluster_config: '{{ cluster_config }}',
    job_watch_timeout_seconds: '{{ job_watch_timeout_seconds }}',
    pod_watch_timeout_seconds: '{{ pod_watch_timeout_seconds }}',
    stream_output: '{{ stream_output }}',
  },
  { KubernetesClusterConfig: CLUSTER_CONFIG },
)
