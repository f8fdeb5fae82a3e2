import { z } from 'zod'
import { Artifact, ArtifactCollection, ArtifactCreate, ArtifactUpdate } from '../artifact.ts'
import { embedded } from '../embedded.ts'
import { ArtifactCollectionFilter, ArtifactFilter } from '../filters/artifact-filter.ts'
import { runFilters } from '../filters/run-filters.ts'
import { Limit, Offset } from '../pagination.ts'
import { route } from '../route.ts'
import { ArtifactCollectionSort, ArtifactSort } from '../sorts.ts'
import { idParams } from './params.ts'

const tag = 'artifacts'
const filters = { artifacts: ArtifactFilter.optional(), ...runFilters }
const latestFilters = { artifacts: ArtifactCollectionFilter.optional(), ...runFilters }
const page = { limit: Limit, offset: Offset }

export const createArtifact = route({
  id: 'createArtifact',
  method: 'POST',
  path: '/artifacts/',
  tag,
  summary: 'Create an artifact',
  body: ArtifactCreate,
  responses: { 200: Artifact, 201: Artifact },
})

export const readArtifact = route({
  id: 'readArtifact',
  method: 'GET',
  path: '/artifacts/:id',
  tag,
  summary: 'Read an artifact',
  params: idParams,
  responses: { 200: Artifact },
})

export const readLatestArtifact = route({
  id: 'readLatestArtifact',
  method: 'GET',
  path: '/artifacts/:key/latest',
  tag,
  summary: 'Read the newest artifact of a key',
  params: z.object({ key: z.string() }),
  responses: { 200: Artifact },
})

export const filterArtifacts = route({
  id: 'filterArtifacts',
  method: 'POST',
  path: '/artifacts/filter',
  tag,
  summary: 'List artifacts',
  body: embedded({ ...filters, sort: ArtifactSort.default('ID_DESC'), ...page }),
  bodyOptional: true,
  responses: { 200: z.array(Artifact) },
})

export const filterLatestArtifacts = route({
  id: 'filterLatestArtifacts',
  method: 'POST',
  path: '/artifacts/latest/filter',
  tag,
  summary: 'List the newest artifact of each key',
  body: embedded({ ...latestFilters, sort: ArtifactCollectionSort.default('ID_DESC'), ...page }),
  bodyOptional: true,
  responses: { 200: z.array(ArtifactCollection) },
})

export const countArtifacts = route({
  id: 'countArtifacts',
  method: 'POST',
  path: '/artifacts/count',
  tag,
  summary: 'Count artifacts',
  body: embedded(filters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const countLatestArtifacts = route({
  id: 'countLatestArtifacts',
  method: 'POST',
  path: '/artifacts/latest/count',
  tag,
  summary: 'Count the keys that have artifacts',
  body: embedded(latestFilters),
  bodyOptional: true,
  responses: { 200: z.int() },
})

export const updateArtifact = route({
  id: 'updateArtifact',
  method: 'PATCH',
  path: '/artifacts/:id',
  tag,
  summary: 'Change an artifact',
  params: idParams,
  body: ArtifactUpdate,
  responses: { 204: null },
})

export const deleteArtifact = route({
  id: 'deleteArtifact',
  method: 'DELETE',
  path: '/artifacts/:id',
  tag,
  summary: 'Delete an artifact',
  params: idParams,
  responses: { 204: null },
})
