import type { ZodType, z } from 'zod'
import { frameObject } from './peer.ts'
import type { Peer } from './peer.ts'

const PROTOCOL_ERROR = 1002

/** Waits for `{"type": "filter", "filter": …}`; goes on with the filter or closes the socket. */
export function readSubscription<Filter extends ZodType>(
  peer: Peer,
  schema: Filter,
  proceed: (filter: z.output<Filter>, frame: { [key: string]: unknown }) => void,
): void {
  peer.onceFrame((text) => {
    const frame = frameObject(text)
    if (frame?.['type'] !== 'filter') return peer.close(PROTOCOL_ERROR, "Expected 'filter' message")
    const filter = schema.safeParse(frame['filter'])
    if (filter.success) return proceed(filter.data, frame)
    const [issue] = filter.error.issues
    peer.close(PROTOCOL_ERROR, `Invalid filter: ${issue?.path.join('.')} ${issue?.message}`)
  })
}
