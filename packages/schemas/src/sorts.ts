import { z } from 'zod'

export const FlowSort = z
  .enum(['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'])
  .meta({ id: 'FlowSort' })
export type FlowSort = z.infer<typeof FlowSort>

/** START_TIME orders by the start time, or the expected one while a run has not started. */
export const FlowRunSort = z
  .enum([
    'ID_DESC',
    'START_TIME_ASC',
    'START_TIME_DESC',
    'EXPECTED_START_TIME_ASC',
    'EXPECTED_START_TIME_DESC',
    'NAME_ASC',
    'NAME_DESC',
    'NEXT_SCHEDULED_START_TIME_ASC',
    'END_TIME_DESC',
  ])
  .meta({ id: 'FlowRunSort' })
export type FlowRunSort = z.infer<typeof FlowRunSort>

export const TaskRunSort = z
  .enum([
    'ID_DESC',
    'EXPECTED_START_TIME_ASC',
    'EXPECTED_START_TIME_DESC',
    'NAME_ASC',
    'NAME_DESC',
    'NEXT_SCHEDULED_START_TIME_ASC',
    'END_TIME_DESC',
  ])
  .meta({ id: 'TaskRunSort' })
export type TaskRunSort = z.infer<typeof TaskRunSort>

export const LogSort = z.enum(['TIMESTAMP_ASC', 'TIMESTAMP_DESC']).meta({ id: 'LogSort' })
export type LogSort = z.infer<typeof LogSort>

export const DeploymentSort = z
  .enum(['CREATED_DESC', 'UPDATED_DESC', 'NAME_ASC', 'NAME_DESC'])
  .meta({ id: 'DeploymentSort' })
export type DeploymentSort = z.infer<typeof DeploymentSort>

const ARTIFACT_SORTS = ['CREATED_DESC', 'UPDATED_DESC', 'ID_DESC', 'KEY_DESC', 'KEY_ASC'] as const

export const ArtifactSort = z.enum(ARTIFACT_SORTS).meta({ id: 'ArtifactSort' })
export type ArtifactSort = z.infer<typeof ArtifactSort>

export const ArtifactCollectionSort = z.enum(ARTIFACT_SORTS).meta({ id: 'ArtifactCollectionSort' })
export type ArtifactCollectionSort = z.infer<typeof ArtifactCollectionSort>

export const VariableSort = z
  .enum(['CREATED_DESC', 'UPDATED_DESC', 'NAME_DESC', 'NAME_ASC'])
  .meta({ id: 'VariableSort' })
export type VariableSort = z.infer<typeof VariableSort>

export const BlockDocumentSort = z
  .enum(['NAME_DESC', 'NAME_ASC', 'BLOCK_TYPE_AND_NAME_ASC'])
  .meta({ id: 'BlockDocumentSort' })
export type BlockDocumentSort = z.infer<typeof BlockDocumentSort>
