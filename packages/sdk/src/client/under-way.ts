const underWay = new Set<Promise<unknown>>()

/** Runs whose functions may run before the server knows of them: other calls wait until it does. */
export function isUnderWay(start: Promise<unknown>): void {
  const settled: Promise<unknown> = start.then(
    () => underWay.delete(settled),
    () => underWay.delete(settled),
  )
  underWay.add(settled)
}

/** Resolves when the server knows of all runs that have begun; undefined when it does. */
export function startsUnderWay(): Promise<unknown> | undefined {
  return underWay.size > 0 ? Promise.all(underWay) : undefined
}
