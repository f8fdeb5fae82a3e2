import { measureReads } from './big/measure-reads.ts'
import { measureTransitions } from './big/measure-transitions.ts'
import { prepareStores } from './big/stores.ts'
import type { Bench } from './report.ts'
import { inScratchFolder } from './scratch.ts'

/**
 * A database with very many task runs: the reads of a dashboard beside the reference, how late they make
 * the event loop, and transitions beside those on an empty database.
 */
export const big: Bench = async (options) =>
  inScratchFolder(async (folder) => {
    const { stores, reference, now, stop } = await prepareStores(options, folder)
    try {
      const reads = await measureReads({ stores, reference, now, folder }, options)
      return [...reads, await measureTransitions(stores, options)]
    } finally {
      await stop()
    }
  })
