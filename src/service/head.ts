/** The fields of a request's head that evaluations depend on, read without making a `Headers` of them. */

/** Values as they came; undefined where the head has no such field. */
export interface HeadFields {
  host: string | undefined
  type: string | undefined
  length: string | undefined
  requestId: string | undefined
}

/**
 * Reads names and values in turn. Undefined for heads that take more thought: a field twice, or one by which a body is not
 * what its bytes say.
 *
 * @example readFields(['Host', 'pdp.test', 'Content-Type', 'application/json'])
 */
export function readFields(fields: readonly string[]): HeadFields | undefined {
  const found: HeadFields = { host: undefined, type: undefined, length: undefined, requestId: undefined }
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const name = fields[i]!
    const value = fields[i + 1]!
    // By length first: most fields are none of these.
    switch (name.length) {
      case 4:
        if (!isNamed(name, 'host')) break
        if (found.host !== undefined) return undefined
        found.host = value
        break
      case 12:
        if (isNamed(name, 'content-type')) {
          if (found.type !== undefined) return undefined
          found.type = value
        } else if (isNamed(name, 'x-request-id')) {
          if (found.requestId !== undefined) return undefined
          found.requestId = value
        }
        break
      case 14:
        if (!isNamed(name, 'content-length')) break
        if (found.length !== undefined) return undefined
        found.length = value
        break
      case 16:
        if (isNamed(name, 'content-encoding')) return undefined
        break
      case 17:
        if (isNamed(name, 'transfer-encoding')) return undefined
    }
  }
  return found
}

function isNamed(name: string, lowerCase: string): boolean {
  return name === lowerCase || name.toLowerCase() === lowerCase
}
