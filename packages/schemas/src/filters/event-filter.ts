import { z } from 'zod'
import { Bool, TimestampInput, Uuid } from '../scalars.ts'
import { textSearch } from './log-filter.ts'
import { texts } from './operators.ts'

/**
 * Labels that a resource must carry. For each label one of the patterns must match: `*`, `?` and `[abc]`
 * as in a shell, a leading `!` negates. A label that is missing never matches.
 */
export const ResourceSpecification = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .meta({ id: 'ResourceSpecification' })
export type ResourceSpecification = z.infer<typeof ResourceSpecification>

const labels = ResourceSpecification.nullish()

/** One related resource that meets every key; a primary resource counts only when `role` is given. */
export const EventRelatedFilter = z
  .strictObject({
    id: texts,
    role: texts,
    resources_in_roles: z.array(z.tuple([z.string(), z.string()])).nullish(),
    labels,
  })
  .meta({ id: 'EventRelatedFilter' })
export interface EventRelatedFilter extends z.infer<typeof EventRelatedFilter> {}

/** One resource, primary or related, that meets every key. */
export const EventAnyResourceFilter = z
  .strictObject({ id: texts, id_prefix: texts, labels })
  .meta({ id: 'EventAnyResourceFilter' })
export interface EventAnyResourceFilter extends z.infer<typeof EventAnyResourceFilter> {}

/**
 * Which events. All parts must hold; an empty list is no condition. `occurred` includes both ends and,
 * when an end is not given, reaches from 180 days ago to now.
 */
export const EventFilter = z
  .strictObject({
    occurred: z
      .strictObject({ since: TimestampInput.optional(), until: TimestampInput.optional() })
      .meta({ id: 'EventOccurredFilter' })
      .optional(),
    event: z
      .strictObject({ prefix: texts, exclude_prefix: texts, name: texts, exclude_name: texts })
      .meta({ id: 'EventNameFilter' })
      .nullish(),
    resource: z
      .strictObject({ id: texts, id_prefix: texts, labels, distinct: Bool.default(false) })
      .meta({ id: 'EventResourceFilter' })
      .nullish(),
    related: z.union([EventRelatedFilter, z.array(EventRelatedFilter)]).nullish(),
    any_resource: z.union([EventAnyResourceFilter, z.array(EventAnyResourceFilter)]).nullish(),
    id: z
      .strictObject({ id: z.array(Uuid).nullish() })
      .meta({ id: 'EventIDFilter' })
      .optional(),
    text: textSearch,
    order: z.enum(['ASC', 'DESC']).meta({ id: 'EventOrder' }).default('DESC'),
  })
  .meta({ id: 'EventFilter' })
export interface EventFilter extends z.infer<typeof EventFilter> {}
