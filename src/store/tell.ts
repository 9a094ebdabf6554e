/**
 * Tells whoever listens. What they throw, now or later, there is nobody left to tell, and it must not end what goes on here.
 *
 * @example tell(onFault, error)
 */
export function tell<Args extends readonly unknown[]>(
  listener: ((...args: Args) => unknown) | undefined,
  ...args: Args
): void {
  const telling = async (): Promise<unknown> => listener?.(...args)
  telling().catch(() => undefined)
}
