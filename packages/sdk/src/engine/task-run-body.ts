import type { TaskRunCreate } from '@reeve/schemas/task-run'

/** A task run as it is to be created. */
export type TaskRunBody = (typeof TaskRunCreate)['_zod']['input'] & { name: string; tags: string[] }
