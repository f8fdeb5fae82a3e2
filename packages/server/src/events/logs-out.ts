import { LogFilter } from '@reeve/schemas/filters/log-filter'
import type { Context } from '../context.ts'
import { logMatcher } from './log-matcher.ts'
import type { Peer } from './peer.ts'
import type { Printers } from './printers.ts'
import { readSubscription } from './subscription.ts'

/** `/logs/out`: the log lines that match, from now on. */
export function streamLogs(peer: Peer, context: Context, printers: Printers): void {
  readSubscription(peer, LogFilter, (filter) => {
    const matches = logMatcher(filter)
    peer.follow(context.bus, ['log', 'logElsewhere'], (log) => {
      if (matches(log)) peer.send({ type: 'log', log: printers.log(log) })
    })
  })
}
