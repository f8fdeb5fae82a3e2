import { COMMON_VARIABLES, baseJob } from './base-job.ts'

const text = (title: string, description: string) => ({ type: 'string', title, description })
const flag = (title: string, description: string, value: boolean) => ({
  type: 'boolean',
  title,
  description,
  default: value,
})
const list = (title: string, description: string) => ({
  type: 'array',
  items: { type: 'string' },
  title,
  description,
})

const REGISTRY_CREDENTIALS = {
  type: 'object',
  title: 'DockerRegistryCredentials',
  block_type_slug: 'docker-registry-credentials',
  properties: {
    username: text('Username', 'Who logs in.'),
    password: { ...text('Password', 'What proves it.'), format: 'password', writeOnly: true },
    registry_url: text('Registry Url', 'Where images come from.'),
    reauth: flag('Reauth', 'Whether to log in for each run.', true),
  },
  required: ['username', 'password', 'registry_url'],
  secret_fields: ['password'],
  block_schema_references: {},
}

/** What a worker that starts containers lets a job set. */
export const DOCKER_JOB = baseJob(
  {
    ...COMMON_VARIABLES,
    image: text('Image', 'Of the container. Without it, one of the version of the worker.'),
    registry_credentials: {
      title: 'Registry Credentials',
      description: 'To pull images that are not public.',
      allOf: [{ $ref: '#/definitions/DockerRegistryCredentials' }],
    },
    image_pull_policy: {
      ...text('Image Pull Policy', 'When the image is pulled.'),
      enum: ['IfNotPresent', 'Always', 'IfPossible', 'Never'],
    },
    networks: list('Networks', 'That the container joins.'),
    network_mode: text('Network Mode', 'Such as `host`; leaves networks out.'),
    auto_remove: flag('Auto Remove', 'Whether the container is removed when it has ended.', false),
    volumes: list('Volumes', 'As `/host/path:/container/path`.'),
    stream_output: flag('Stream Output', 'Whether what the run prints appears where the worker runs.', true),
    container_wait_timeout: {
      type: 'integer',
      exclusiveMinimum: 0,
      title: 'Container Wait Timeout',
      description: 'Seconds to wait for the container to end.',
    },
    mem_limit: text('Memory Limit', 'Such as `512m`.'),
    memswap_limit: text('Memory Swap Limit', 'Memory and swap together, such as `1g`.'),
    privileged: flag('Privileged', 'Whether the container may do all that the host may.', false),
  },
  undefined,
  { DockerRegistryCredentials: REGISTRY_CREDENTIALS },
)
