/** Differences from the reference that are meant, each with its reason; matched against `POST /flows/ request.…`. */
export const MEANT_DIFFERENCES: readonly { where: RegExp; why: string }[] = [
  {
    where: /^POST \/deployments\/ request\.(paused|enforce_parameter_schema): default differs$/,
    why: 'left out, they are kept when the deployment is there already; a new one gets the default',
  },
  {
    where: /^\w+ \/deployments\/\S* (request|response)\S*\.schedules/,
    why: 'schedules are not there yet: a deployment with any is refused, and none are answered',
  },
  {
    where:
      /^POST \/deployments\/ request\.(schedule|is_schedule_active|infra_overrides|manifest_path): only ours$/,
    why: 'Prefect 2 clients send them',
  },
  {
    where: / request\.\w+: null fits only ours$/,
    why: 'in a body of several keys the reference takes null for "not given" too, whatever its document says',
  },
  {
    where: /^(POST|PATCH) \/(flow|task)_runs\/\S* request\.name: null fits only ours$/,
    why: 'the reference takes null and makes up a name',
  },
  {
    where: / request\.state\.(id|timestamp): only ours$/,
    why: 'Prefect 2 clients may send them; they are dropped',
  },
  {
    where: / request\.deployments\.is_schedule_active: only ours$/,
    why: 'Prefect 2 clients send it with every deployment filter',
  },
  {
    where: / request\.variables\.value: only ours$/,
    why: 'Prefect 2 clients send it with every variable filter',
  },
  {
    where: / request\.history_interval_seconds: string fits only ours$/,
    why: 'Prefect 2 takes ISO 8601 durations',
  },
  {
    where:
      /^(POST|PATCH) \/(block_types|block_documents|artifacts|variables)\/\S* request\.(name|slug|key): pattern differs$/,
    why: 'the reference checks the same characters in code, which its document does not show',
  },
  {
    where: /^POST \/flow_runs\/\{id\}\/input request\.key: pattern differs$/,
    why: 'the reference fails on other characters (500) where ours refuses them',
  },
  {
    where: /^POST \/task_runs\/ request\.empirical_policy\.retry_jitter_factor: minimum differs$/,
    why: 'the reference refuses negative factors in code, which its document does not show',
  },
  {
    where: /^POST \/events request\[\]\.(related|event): max(Items|Length) differs$/,
    why: 'the reference reads the bound from its settings, which its document does not show',
  },
  {
    where: /^PATCH \/flow_runs\/\{id\}\/labels request: values fit only theirs$/,
    why: 'the reference stores any value here and then fails to answer the run; ours takes label values only',
  },
  {
    where: /^GET \/flow_runs\/\{id\}\/graph-v2 parameters\.query:since: default differs$/,
    why: 'the default is to cut nothing, which needs no value',
  },
  {
    where: /^GET \/admin\/settings response\.\w+: only theirs$/,
    why: 'the settings of another server',
  },
]
