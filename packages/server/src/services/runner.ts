import type { Context } from '../context.ts'
import { SERVICES } from './all.ts'
import type { Service } from './service.ts'

/** Runs every service on its interval until stopped. A failing pass is logged and the next one comes. */
export function runServices(
  context: Context,
  services: readonly Service[] = SERVICES,
): { stop(): Promise<void> } {
  const timers = new Map<string, NodeJS.Timeout>()
  const passes = new Map<string, Promise<void>>()
  let stopped = false

  async function pass(service: Service): Promise<void> {
    try {
      const changed = await service.run(context, context.clock.now())
      if (changed > 0) context.logger.debug({ service: service.name, changed }, 'a service acted')
    } catch (error) {
      context.logger.error({ err: error, service: service.name }, 'a service failed')
    }
    if (!stopped) schedule(service)
  }

  function schedule(service: Service): void {
    const timer = setTimeout(() => passes.set(service.name, pass(service)), service.every * 1000)
    timers.set(service.name, timer)
  }

  for (const service of services) schedule(service)
  return {
    async stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
      await Promise.all(passes.values())
    },
  }
}
