import type { Endpoint } from '../endpoint.ts'
import { readCollectionView } from './read-view.ts'

export const COLLECTION_ENDPOINTS: readonly Endpoint[] = [readCollectionView]
