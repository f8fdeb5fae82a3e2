import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseExact, toExact } from './exact-json.ts'
import type { ExactObject } from './exact-json.ts'
import { pythonJson } from './python-json.ts'
import { schemaChecksum } from './schema-checksum.ts'

/** Fields of schemas of our own, with the checksums that the Python clients 2.20.25 and 3.8.8 take of them. */
const TAKEN_BY_CLIENTS = [
  {
    of: 'numbers in every spelling',
    fields: String.raw`{"title":"Floats","type":"object","properties":{"a":{"default":1.0},"b":{"default":1},"c":{"default":1e-7},"d":{"default":1E22},"e":{"default":0.1},"f":{"default":-0.0},"g":{"default":123456789012345678901234567890},"h":{"default":1.5e300},"i":{"default":12345678.9},"j":{"default":1e16},"k":{"default":123456789012345680.0},"l":{"default":0.0001},"m":{"default":0.00001}}}`,
    checksum: 'sha256:d2c6c95f52fd8356da91a1fcb3dcd6b73d62a476d1b4819e435d354094ba02d3',
  },
  {
    of: 'texts with every kind of character',
    fields: String.raw`{"title":"Grüße 🚀 \u0001 \" \\ / \n","type":"object","properties":{"b":{"enum":[null,true,false,"é"]},"a":{}}}`,
    checksum: 'sha256:88f959fc1ea6a5490ea82d821904a71af556d1af4555751ac46ab464f7bfd202',
  },
  {
    of: 'paths of secrets, which count only inside lists',
    fields:
      '{"title":"S","secret_fields":["a","b.*"],"properties":{"a":{"secret_fields":["x"],"list":[{"secret_fields":["kept"]}]}}}',
    checksum: 'sha256:445e59eaa4d0206f5d2c748c92cefad137cbe6fea7e34bba53aba66ee0854ccc',
  },
  {
    of: 'definitions, of which those count that are needed and no blocks',
    fields:
      '{"title":"D","properties":{"a":{"$ref":"#/definitions/Plain"},"b":{"allOf":[{"$ref":"#/definitions/Child"}]}},"block_schema_references":{"b":{"block_type_slug":"child","block_schema_checksum":"sha256:00"}},"definitions":{"Plain":{"properties":{"n":{"$ref":"#/definitions/Nested"}}},"Nested":{"type":"number","default":2.0},"Child":{"title":"Child","block_type_slug":"child","properties":{}},"Unused":{"type":"string"},"Empty":{}}}',
    checksum: 'sha256:39325b668d37ea0efad16cf975956a183b58cc338bd7643b4e1fc86deabddafc',
  },
  {
    of: 'definitions of blocks alone, which do not count',
    fields:
      '{"title":"O","properties":{"b":{"$ref":"#/definitions/Child"}},"definitions":{"Child":{"title":"Child","block_type_slug":"child"}}}',
    checksum: 'sha256:1e1e99ca435ab27bff00368f273e89ec29e56c270b8d8d8850c8bbe266c06cee',
  },
]

describe('the checksum of a block schema', () => {
  test.each(TAKEN_BY_CLIENTS)('is the one that clients take: $of', ({ fields, checksum }) => {
    expect(schemaChecksum(parseExact(fields) as ExactObject)).toBe(checksum)
  })

  test('tells 1.0 from 1', () => {
    const checksum = (number: string) => schemaChecksum(parseExact(`{"default":${number}}`) as ExactObject)
    expect(checksum('1.0')).not.toBe(checksum('1'))
  })

  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const reversed = Object.fromEntries(Object.entries(fields).toReversed())
        expect(schemaChecksum(toExact(reversed) as ExactObject)).toBe(
          schemaChecksum(toExact(fields) as ExactObject),
        )
      }),
    )
  })

  test('survives definitions that go round in circles', () => {
    const fields = '{"a":{"$ref":"#/definitions/A"},"definitions":{"A":{"b":{"$ref":"#/definitions/A"}}}}'
    expect(schemaChecksum(parseExact(fields) as ExactObject)).toMatch(/^sha256:[0-9a-f]{64}$/)
  })
})

test('what is written for Python reads back as the same JSON', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(JSON.parse(pythonJson(toExact(value)))).toEqual(JSON.parse(JSON.stringify(value)))
    }),
  )
})
