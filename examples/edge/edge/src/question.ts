/** What a request to the CDN asks for, as an action and a resource. */
import type { Incoming } from 'sallyport/middleware'

const actions: Readonly<Record<string, string>> = {
  GET: 'read',
  HEAD: 'read',
  POST: 'write',
  PUT: 'write',
  PATCH: 'write',
  DELETE: 'delete',
}

/** undefined for a method that is no action here. */
export function actionOf(method: string): string | undefined {
  return Object.hasOwn(actions, method) ? actions[method] : undefined
}

/**
 * The path that is asked for; undefined for one that the origin may read differently: encoded dots, slashes and control characters, empty
 * segments.
 */
export function pathOf(url: string): string | undefined {
  const { pathname } = new URL(url)
  return /%(?:2e|2f|5c|[01]|7f)|\/\/|\\|;/i.test(pathname) ? undefined : pathname
}

export function resourceOf({ url }: Incoming): { type: string; id: string } {
  // Nobody has rules for the empty path.
  return { type: 'path', id: pathOf(url) ?? '' }
}
