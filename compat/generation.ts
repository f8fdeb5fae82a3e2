/** The two client generations the server promises to serve, each with the exact pins that make it install and run. */
export interface Generation {
  version: string
  requirements: string[]
  /** What that generation's clients send as User-Agent and X-PREFECT-API-VERSION. */
  headers: Record<string, string>
}

// Without the extra pins a fresh install resolves to libraries that the release cannot run on: its server does not
// start on newer FastAPI, scheduled runs cannot be inserted with SQLAlchemy 2.1, the 2.x client fails on newer anyio.
const PINS: Record<string, string[]> = {
  '2.20.25': ['prefect==2.20.25', 'anyio==4.9.0'],
  '3.8.8': ['prefect==3.8.8', 'fastapi==0.139.0', 'sqlalchemy<2.1'],
}

/** Every generation, oldest first. */
export const generations: Generation[] = Object.entries(PINS).map(([version, requirements]) => ({
  version,
  requirements,
  headers: { 'user-agent': `prefect/${version} (API 0.8.4)`, 'x-prefect-api-version': '0.8.4' },
}))

/** The generation of a version; throws on one that the suite does not know. */
export function requireGeneration(version: string): Generation {
  const found = generations.find((generation) => generation.version === version)
  if (!found) {
    throw new Error(`unknown client ${version}; known: ${Object.keys(PINS).join(', ')}`)
  }
  return found
}
