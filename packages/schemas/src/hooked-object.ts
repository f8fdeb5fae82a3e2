import { z } from 'zod'

export interface Hooks {
  /** Changes the input before the fields are read. */
  before?(input: unknown): unknown
  /** Sees what was read, and may change it or add issues. */
  after?(payload: z.core.ParsePayload, input: unknown): void
  /** Changes what the JSON Schema says. */
  document?(json: z.core.JSONSchema.ObjectSchema): void
}

interface HookedDef extends z.core.$ZodObjectDef {
  hooks: Hooks
}

const ZodHookedObject = z.core.$constructor<z.ZodObject, HookedDef>('ZodHookedObject', (inst, def) => {
  z.ZodObject.init(inst, def)
  const { before, after, document } = def.hooks
  const { parse, processJSONSchema } = inst._zod
  inst._zod.parse = (payload, ctx) => {
    const input = before ? before(payload.value) : payload.value
    payload.value = input
    const result = parse(payload, ctx) as z.core.ParsePayload
    after?.(result, input)
    return result
  }
  inst._zod.processJSONSchema = (ctx, json, params) => {
    processJSONSchema?.(ctx, json, params)
    document?.(json as z.core.JSONSchema.ObjectSchema)
  }
})

/**
 * An object with code before and after it. zod's own ways (preprocess, transform, refine) cost more than
 * the whole object on the paths that are parsed thousands of times a second.
 */
export function hookedObject<Shape extends z.ZodRawShape>(shape: Shape, hooks: Hooks): z.ZodObject<Shape> {
  return new ZodHookedObject({ type: 'object', shape, hooks }) as unknown as z.ZodObject<Shape>
}
