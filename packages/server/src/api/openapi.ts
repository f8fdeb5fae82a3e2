import type { OpenApiDocument } from '@reeve/schemas/openapi'
import type { Route } from '@reeve/schemas/route'
import type { FastifyInstance } from 'fastify'

const INFO = { title: 'Reeve API', version: '0.1.0' }

/** Serves the description of what is registered at `/openapi.json`; printed once, when first asked for. */
export function serveOpenApi(app: FastifyInstance, routes: readonly Route[], mount: string): void {
  let text: string | undefined
  app.get('/openapi.json', async (_request, reply) => {
    if (text === undefined) {
      const { openApiDocument } = await import('@reeve/schemas/openapi')
      text = JSON.stringify(mounted(openApiDocument(routes, INFO), mount))
    }
    return reply.type('application/json').send(text)
  })
}

function mounted(document: OpenApiDocument, mount: string): OpenApiDocument {
  const paths = Object.entries(document.paths).map(([path, item]) => [mount + path, item])
  return { ...document, paths: Object.fromEntries(paths) as OpenApiDocument['paths'] }
}
