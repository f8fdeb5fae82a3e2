/** What a handler says: a status, and a body that is sent as JSON unless it is null with 204. */
export interface Answer {
  status: number
  body: unknown
  headers?: { [name: string]: string }
  /** Sent as it is, with the media type of the route, not as JSON. */
  raw?: boolean
}

export const ok = (body: unknown): Answer => ({ status: 200, body })
export const created = (body: unknown): Answer => ({ status: 201, body })
export const noContent = (): Answer => ({ status: 204, body: null })

/** A refusal in the form of a route: `{"detail": …}`. */
export const refuse = (status: number, detail: string): Answer => ({ status, body: { detail } })

/** A refusal in the form of the model layer: `{"exception_message": …}`. */
export const exception = (status: number, message: string): Answer => ({
  status,
  body: { exception_message: message },
})
