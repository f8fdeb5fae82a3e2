interface Labels {
  readonly [label: string]: string
}

/** What the server does with the labels of a filter, for events that it tells of. */
export function labelMatcher(resource: Labels | undefined) {
  const patterns = Object.entries(fullLabels(resource ?? {})).map(
    ([label, pattern]) => [label, glob(pattern)] as const,
  )
  return (labels: Labels) => patterns.every(([label, pattern]) => pattern.test(labels[label] ?? ''))
}

function glob(pattern: string): RegExp {
  // Negations are left to the server.
  if (pattern.startsWith('!')) return /^/
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 's')
}

/** `id` and `name` stand for the labels that they are in `emitEvent`. */
export function fullLabels({ id, name, ...others }: Labels) {
  return {
    ...(id !== undefined && { 'prefect.resource.id': id }),
    ...(name !== undefined && { 'prefect.resource.name': name }),
    ...others,
  }
}
