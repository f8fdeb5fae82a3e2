import { get, post, remove } from '../world.ts'
import type { Maker, World } from '../world.ts'
import type { Criteria } from './filters.ts'
import { listing } from './listing.ts'
import type { Sorts } from './listing.ts'

const SLUGS = ['b1-@scope', 'b2-@scope', 'b_3-@scope']
const DOCUMENTS = ['d1-@scope', 'd2-@scope', 'D3-@scope']
const SORTS: Sorts = { NAME_ASC: ['name'], NAME_DESC: ['name'], BLOCK_TYPE_AND_NAME_ASC: [] }

function blockType(world: World) {
  const { chance } = world
  const number = chance.pick([1, 2, 2, 3])
  return {
    name: chance.in(0.05) ? 'prefect x @scope' : `B${number} @scope`,
    slug: chance.in(0.1) ? SLUGS[2] : `b${number}-@scope`,
    ...(chance.in(0.4) ? { description: 'a < b & "c"' } : {}),
    ...(chance.in(0.3) ? { code_example: 'x = "<y>"' } : {}),
    ...(chance.in(0.2) ? { logo_url: 'https://example.com/l.png' } : {}),
  }
}

/** The fields of a block with texts, a secret, secrets in a dictionary and, at times, blocks inside. */
function fields(world: World): Criteria {
  const { chance } = world
  const child = {
    block_type_slug: 'b1-@scope',
    title: 'Child @scope',
    type: 'object',
    properties: {
      n: { type: 'integer', default: chance.pick([1, 2]) },
      inner: { $ref: '#/definitions/Plain' },
    },
    secret_fields: [],
    block_schema_references: {},
  }
  const plain = { title: 'Plain', type: 'object', properties: { p: { type: 'string' } } }
  const nested = chance.in(0.35)
  return {
    title: chance.pick(['Block @scope', 'Other @scope']),
    type: 'object',
    block_type_slug: chance.pick(SLUGS.slice(0, 2)),
    properties: {
      text: { type: 'string', title: 'Text ü' },
      password: { type: 'string', format: 'password' },
      options: { type: 'object', ...(chance.in(0.3) ? { default: { ratio: 1.5 } } : {}) },
      ...(nested ? { child: { $ref: '#/definitions/Child' } } : {}),
    },
    required: chance.pick([['text'], []]),
    secret_fields: chance.pick([['password'], ['password', 'options.*'], ['options.key'], []]),
    block_schema_references: nested
      ? {
          child: {
            block_type_slug: 'b1-@scope',
            block_schema_checksum: chance.pick(['sha256:0', 'sha256:1']),
          },
        }
      : {},
    ...(nested ? { definitions: { Child: child, Plain: plain } } : {}),
  }
}

function blockSchema(world: World) {
  const { chance } = world
  return {
    fields: fields(world),
    block_type_id: world.id('blockType'),
    ...(chance.in(0.6) ? { capabilities: chance.some(['read-@scope', 'write-@scope']) } : {}),
    ...(chance.in(0.5) ? { version: chance.pick(['1.0', '2.0']) } : {}),
  }
}

function data(world: World): Criteria {
  const { chance } = world
  const reference = () => ({
    $ref: chance.in(0.08) ? {} : { block_document_id: world.id('blockDocument') },
  })
  return {
    ...(chance.in(0.7) ? { text: chance.pick(['t', 'ü', null]) } : {}),
    ...(chance.in(0.6) ? { password: chance.pick(['secret', '********', '']) } : {}),
    ...(chance.in(0.4) ? { options: chance.pick([{ key: 's', deep: { key: null } }, {}, 'flat']) } : {}),
    ...(chance.in(0.3) ? { child: chance.in(0.8) ? reference() : { $ref: 'x' } } : {}),
  }
}

function blockDocument(world: World) {
  const { chance } = world
  return {
    ...(chance.in(0.9) ? { name: chance.pick(DOCUMENTS) } : {}),
    data: data(world),
    block_schema_id: world.id('blockSchema'),
    block_type_id: world.id('blockType'),
    ...(chance.in(0.2) ? { is_anonymous: chance.in(0.8) } : {}),
  }
}

/** Only documents of the sequence: their types carry the scope. */
function documents(world: World): Criteria {
  const { chance } = world
  return {
    block_types: { slug: { any_: chance.in(0.8) ? SLUGS : chance.some(SLUGS) } },
    ...(chance.in(0.5)
      ? {
          block_documents: {
            ...(chance.in(0.4) ? { name: { like_: 'd' } } : {}),
            ...(chance.in(0.3) ? { id: { any_: world.ids('blockDocument') } } : {}),
            ...(chance.in(0.5) ? { is_anonymous: chance.pick([{ eq_: true }, null, { eq_: null }]) } : {}),
            ...(chance.in(0.2) ? { block_type_id: { any_: world.ids('blockType') } } : {}),
          },
        }
      : {}),
    ...(chance.in(0.2) ? { block_schemas: { block_capabilities: { all_: ['read-@scope'] } } } : {}),
  }
}

const secrets = (world: World) =>
  world.chance.pick(['', '', '?include_secrets=true', '?include_secrets=false'])

/** Operations on block types, schemas and documents. */
export const BLOCKS: Maker[] = [
  {
    weight: 3,
    make: (world) => post('/block_types/', blockType(world), { makes: { [world.make('blockType')]: 'id' } }),
  },
  { weight: 0.5, make: (world) => get(`/block_types/${world.id('blockType')}`) },
  { weight: 0.5, make: (world) => get(`/block_types/slug/${world.chance.pick(SLUGS)}`) },
  {
    weight: 0.5,
    make: (world) => ({
      method: 'PATCH',
      path: `/block_types/${world.id('blockType')}`,
      body: world.chance.pick<unknown>([{ description: 'a &lt; b' }, { logo_url: null }, {}, { name: 'x' }]),
    }),
  },
  {
    weight: 0.7,
    make: (world) =>
      post('/block_types/filter', {
        block_types: { slug: { any_: SLUGS }, ...(world.chance.in(0.3) ? { name: { like_: 'b2' } } : {}) },
        ...(world.chance.in(0.3) ? { block_schemas: { version: { any_: ['1.0'] } } } : {}),
      }),
  },
  {
    weight: 4,
    make: (world) =>
      post('/block_schemas/', blockSchema(world), { makes: { [world.make('blockSchema')]: 'id' } }),
  },
  { weight: 1.5, make: (world) => get(`/block_schemas/${world.id('blockSchema')}`) },
  {
    weight: 1,
    make: (world) =>
      post('/block_schemas/filter', {
        block_schemas: {
          block_type_id: { any_: world.all('blockType').map((role) => `@id(${role})`) },
          ...(world.chance.in(0.3) ? { version: { any_: world.chance.some(['1.0', 'non-versioned']) } } : {}),
          ...(world.chance.in(0.3)
            ? { block_capabilities: { all_: world.chance.some(['read-@scope']) } }
            : {}),
        },
      }),
  },
  {
    weight: 5,
    make: (world) =>
      post('/block_documents/', blockDocument(world), { makes: { [world.make('blockDocument')]: 'id' } }),
  },
  { weight: 3, make: (world) => get(`/block_documents/${world.id('blockDocument')}${secrets(world)}`) },
  {
    weight: 3,
    make: (world) => ({
      method: 'PATCH',
      path: `/block_documents/${world.id('blockDocument')}`,
      body: {
        ...(world.chance.in(0.9) ? { data: data(world) } : {}),
        ...(world.chance.in(0.3) ? { block_schema_id: world.id('blockSchema') } : {}),
        ...(world.chance.in(0.5) ? { merge_existing_data: world.chance.in(0.5) } : {}),
      },
    }),
  },
  {
    weight: 3,
    make: (world) => {
      const include = world.chance.in(0.3) ? { include_secrets: true } : {}
      return listing(world, '/block_documents/filter', { ...documents(world), ...include }, SORTS, 'NAME_ASC')
    },
  },
  { weight: 0.7, make: (world) => post('/block_documents/count', documents(world)) },
  {
    weight: 0.7,
    make: (world) => get(`/block_types/slug/${world.chance.pick(SLUGS)}/block_documents${secrets(world)}`),
  },
  {
    weight: 1,
    make: (world) => {
      const [slug, name] = [world.chance.pick(SLUGS), world.chance.pick(DOCUMENTS)]
      return get(`/block_types/slug/${slug}/block_documents/name/${name}${secrets(world)}`)
    },
  },
  { weight: 0.4, make: (world) => remove(`/block_documents/${world.id('blockDocument')}`) },
  { weight: 0.2, make: (world) => remove(`/block_schemas/${world.id('blockSchema')}`) },
  { weight: 0.2, make: (world) => remove(`/block_types/${world.id('blockType')}`) },
]
