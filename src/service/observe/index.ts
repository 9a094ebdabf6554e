/** `sallyport/service/observe`: what looks on while the service answers; for `createApp({ observers, metrics, logger })`. */
export type { LogFormat } from '../log/line.ts'
export { faultLog, type LogOptions, requestLog } from '../log/request-log.ts'
export { type ServiceMetrics, serviceMetrics } from '../metrics/service-metrics.ts'
export type { LimitName, Observer, Outcome, SeenRequest } from './observer.ts'
