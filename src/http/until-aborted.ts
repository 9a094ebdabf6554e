/**
 * What a promise gives, unless the signal aborts first; then its reason is thrown, and the promise is left to itself.
 *
 * @example await untilAborted(shared, signal)
 */
export async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  let stop = (): void => {}
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
  })
  // Also of an aborted signal: the promise may fail, and somebody has to hear it.
  return Promise.race([aborted, promise]).finally(() => signal.removeEventListener('abort', stop))
}
