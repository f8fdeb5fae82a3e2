import type { FastifyInstance } from 'fastify'

/** Lets browsers of the listed origins call; with none listed, no header is sent and browsers refuse. */
export function applyCors(app: FastifyInstance, origins: string): void {
  const allowed = new Set(
    origins
      .split(',')
      .map((origin) => origin.trim())
      .filter(Boolean),
  )
  if (allowed.size === 0) return
  app.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    if (!origin || !(allowed.has('*') || allowed.has(origin))) return
    reply.header('access-control-allow-origin', origin).header('vary', 'origin')
    if (request.method !== 'OPTIONS' || !request.headers['access-control-request-method']) return
    return reply
      .code(200)
      .header('access-control-allow-methods', 'GET, POST, PUT, PATCH, DELETE')
      .header('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*')
      .header('access-control-max-age', '600')
      .send()
  })
}
