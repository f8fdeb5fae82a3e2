import type { JsonObject } from '@reeve/schemas/json'

/** A block type that is there from the start, with one schema; what clients register comes beside it. */
export interface SystemBlock {
  slug: string
  name: string
  description: string
  /** Cannot be deleted. */
  is_protected: boolean
  capabilities: string[]
  /** Title of the schema: the name of the class in clients. */
  title: string
  properties: { [name: string]: JsonObject }
  required: string[]
  secret_fields: string[]
}

const STORAGE = ['get-directory', 'put-directory', 'read-path', 'write-path']

const url = {
  type: 'string',
  title: 'Webhook URL',
  description: 'Where messages are sent.',
  format: 'password',
  writeOnly: true,
}
const method = {
  type: 'string',
  title: 'Method',
  description: 'Of the request.',
  enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  default: 'POST',
}

function textMap(title: string, description: string): JsonObject {
  return { type: 'object', title, description, additionalProperties: { type: 'string' } }
}

export const SYSTEM_BLOCKS: readonly SystemBlock[] = [
  {
    slug: 'secret',
    name: 'Secret',
    description: 'A value that is kept encrypted and shown to none but the code that loads it.',
    is_protected: true,
    capabilities: [],
    title: 'Secret',
    properties: {
      value: {
        title: 'Value',
        description: 'Text, or any JSON.',
        format: 'password',
        writeOnly: true,
        anyOf: [{ type: 'string', format: 'password', writeOnly: true }, { title: 'JSON' }],
      },
    },
    required: ['value'],
    secret_fields: ['value'],
  },
  {
    slug: 'local-file-system',
    name: 'Local File System',
    description: 'A folder of the machine that runs the code.',
    is_protected: true,
    capabilities: STORAGE,
    title: 'LocalFileSystem',
    properties: {
      basepath: {
        title: 'Basepath',
        description: 'The folder. Without it, the one that code is started in.',
        anyOf: [{ type: 'string' }, { type: 'null' }],
        default: null,
      },
    },
    required: [],
    secret_fields: [],
  },
  {
    slug: 'webhook',
    name: 'Webhook',
    description: 'An address that is called when something happens.',
    is_protected: true,
    capabilities: [],
    title: 'Webhook',
    properties: { method, url, headers: textMap('Webhook Headers', 'Sent with the request.') },
    required: ['url'],
    secret_fields: ['url', 'headers.*'],
  },
  {
    slug: 'slack-webhook',
    name: 'Slack Webhook',
    description: 'Messages to a channel of Slack.',
    is_protected: false,
    capabilities: ['notify'],
    title: 'SlackWebhook',
    properties: { url },
    required: ['url'],
    secret_fields: ['url'],
  },
  {
    slug: 'ms-teams-webhook',
    name: 'Microsoft Teams Webhook',
    description: 'Messages to a channel of Microsoft Teams.',
    is_protected: false,
    capabilities: ['notify'],
    title: 'MicrosoftTeamsWebhook',
    properties: { url },
    required: ['url'],
    secret_fields: ['url'],
  },
  {
    slug: 'custom-webhook',
    name: 'Custom Webhook',
    description: 'Messages to any address, in any form: `{{subject}}`, `{{body}}` and secrets are filled in.',
    is_protected: false,
    capabilities: ['notify'],
    title: 'CustomWebhookNotificationBlock',
    properties: {
      name: { type: 'string', title: 'Name', description: 'Of the sender.' },
      url: { type: 'string', title: 'Webhook URL', description: 'Where messages are sent.' },
      method,
      params: textMap('Query Params', 'Added to the address.'),
      json_data: { type: 'object', title: 'JSON Data', description: 'Sent as the body.' },
      form_data: textMap('Form Data', 'Sent as the body when there is no JSON.'),
      headers: textMap('Headers', 'Sent with the request.'),
      timeout: {
        type: 'number',
        title: 'Timeout',
        description: 'Seconds to wait for an answer.',
        default: 10,
      },
      secrets: textMap('Secrets', 'Filled in by name.'),
    },
    required: ['name', 'url'],
    secret_fields: ['secrets.*'],
  },
]
