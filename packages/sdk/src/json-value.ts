/** Throws TypeError when the value has no JSON form: `what` then begins the message. */
export function checkJson(what: string, value: unknown): void {
  let why = `${typeof value} has no JSON form`
  try {
    if (JSON.stringify(value) !== undefined) return
  } catch (error) {
    why = (error as Error).message.split('\n')[0] ?? why
  }
  throw new TypeError(`${what} must be JSON: ${why}`)
}
