import { z } from 'zod'
import { Bool, TimestampInput, Uuid } from '../scalars.ts'

/** How the criteria of one filter object are joined; an empty criterion is always true. */
export const Operator = z.enum(['and_', 'or_']).meta({ id: 'Operator' })
export type Operator = z.infer<typeof Operator>

/** The key of the filters that let the caller choose. */
export const operator = Operator.default('and_')

// In every criterion null means "not given"; an empty `any_` matches nothing, an empty `not_any_` everything.
export const uuids = z.array(Uuid).nullish()
export const texts = z.array(z.string()).nullish()
export const text = z.string().nullish()
export const flag = Bool.nullish()
/** An instant in microseconds; both bounds include it. */
export const instant = TimestampInput.nullish()

/** Rows whose id is, or is not, in a list. */
export const idAnyOf = z.strictObject({ any_: uuids }).nullish()
export const idAnyOrNot = z.strictObject({ any_: uuids, not_any_: uuids }).nullish()
/** Rows whose text is in a list. */
export const textAnyOf = z.strictObject({ any_: texts }).nullish()
export const textAnyOrNot = z.strictObject({ any_: texts, not_any_: texts }).nullish()
/** Rows by exact name, or by a part of it in any case. */
export const nameAnyOrLike = z.strictObject({ any_: texts, like_: text }).nullish()
/** Rows by the tags they carry: all of a list, or none at all. */
export const tagsAll = z.strictObject({ operator, all_: texts, is_null_: flag }).nullish()
export const tagsAllOrAny = z.strictObject({ operator, all_: texts, any_: texts, is_null_: flag }).nullish()
/** Rows by a span of time. */
export const timeSpan = z.strictObject({ before_: instant, after_: instant }).nullish()
export const timeSpanOrNull = z.strictObject({ before_: instant, after_: instant, is_null_: flag }).nullish()
