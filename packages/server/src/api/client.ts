import type { Client } from '@reeve/orchestration/types'

const USER_AGENT = /^prefect\/(\d+)\.(\d+)\.(\d+)(\S*) \(API \S+\)/
const API_VERSION = /^(\d+)\.(\d+)\.(\d+)$/
const MOST_REMEMBERED = 1000

const remembered = new Map<string, Client>()

/** Reads who asks from the User-Agent and X-PREFECT-API-VERSION headers; the latter must be valid. */
export function clientOf(userAgent: string | undefined, apiVersion: string | undefined): Client {
  const key = `${userAgent ?? ''}\n${apiVersion ?? ''}`
  let client = remembered.get(key)
  if (!client) {
    client = readClient(userAgent, apiVersion)
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(key, client)
  }
  return client
}

function readClient(userAgent: string | undefined, apiVersion: string | undefined): Client {
  const agent = USER_AGENT.exec(userAgent ?? '')
  const version = agent && ([Number(agent[1]), Number(agent[2]), Number(agent[3]), agent[4] ?? ''] as const)
  return {
    generation: version?.[0] === 2 ? '2.20' : '3.8',
    version: version ?? undefined,
    api_version: readApiVersion(apiVersion),
  }
}

function readApiVersion(text: string | undefined): Client['api_version'] {
  const match = API_VERSION.exec(text ?? '')
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined
}

/** The complaint about an X-PREFECT-API-VERSION header, or undefined when it may pass. */
export function apiVersionComplaint(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  const version = readApiVersion(text)
  if (!version) {
    return `Invalid X-PREFECT-API-VERSION header format.Expected header in format 'x.y.z' but received ${text}`
  }
  const [major, minor] = version
  if (major === 0 && minor < 8) {
    return `The request specified API version ${text} but this server requires version 0.8.0 or higher.`
  }
  return undefined
}
