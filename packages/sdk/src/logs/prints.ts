import { format } from 'node:util'
import { currentScope } from '../engine/scope.ts'
import { captureConsole } from './console.ts'
import { log } from './logger.ts'

const TO_LOGGER = { log: 'info', info: 'info', debug: 'debug', warn: 'warn', error: 'error' } as const

/** Sends what runs with `logPrints` write to `console` to their logs. Costs nothing until the first such run. */
export function capturePrints(): void {
  captureConsole((method, args) => {
    const scope = currentScope()
    if (!(scope?.task ?? scope?.flow)?.logPrints) return false
    log[TO_LOGGER[method]](format(...args))
    return true
  })
}
