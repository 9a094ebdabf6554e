/** Decisions of a guard, for those who look on. */
import type { DecisionSink } from '../../guard/log/sinks.ts'
import type { Observer, Outcome } from './observer.ts'

/**
 * A sink that tells observers what a guard decided, and gives the events on to the next one, if there is one.
 *
 * @example createGuard({ …, log: { sink: observedSink('acme', [metrics], hub.sink('acme')), whenFull: 'drop' } })
 */
export function observedSink(tenant: string, observers: readonly Observer[], next?: DecisionSink): DecisionSink {
  return {
    async write(events) {
      for (const { data } of events) {
        // Nobody but the guard writes it.
        for (const observer of observers) observer.decided?.(tenant, data.status as Outcome, data.code)
      }
      await next?.write(events)
    },
  }
}
