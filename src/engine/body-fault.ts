/** What the core says is wrong with a request's body, as an error. */
import { BodyFault, BodyLimit } from '../../assembly/abi/json.ts'
import { SallyportError } from '../errors.ts'

/**
 * The error for a fault.
 *
 * @param at Where in the body it is, in bytes.
 * @param part The PathNode that is not of the form, for BodyFault.Form.
 */
export function bodyError(fault: number, at: number, part: number): SallyportError {
  if (fault === BodyFault.ChainDepth) {
    return new SallyportError('E_CHAIN_DEPTH', 'the actor chain has more delegators than the policies permit')
  }
  if (fault === BodyFault.Form) return bad(`${PARTS[part]}, is missing, or of another type`)
  if (fault === BodyFault.TooLong) return bad(`the body is longer than ${BodyLimit.Bytes / 2 ** 20} MiB`)
  return bad(`${FAULTS[fault] ?? 'the body is not valid'} at byte ${at}`)
}

const FAULTS: Readonly<Record<number, string>> = {
  [BodyFault.Syntax]: 'the body is not one JSON object: look',
  [BodyFault.Utf8]: 'the body is not valid UTF-8',
  [BodyFault.Depth]: `the body is nested deeper than ${BodyLimit.Depth} levels`,
  [BodyFault.Duplicate]: 'a name appears twice in one object',
  [BodyFault.Surrogate]: 'a string holds a lone surrogate',
  [BodyFault.Number]: 'the number is too large for an IEEE double',
  [BodyFault.Chain]: 'the actor chain is given twice, or names one twice in a row,',
  [BodyFault.Roles]:
    'subject.properties.roles must be a string, or a list of names and of { role, on: type or { type, id } },',
}

/** By PathNode (assembly/abi/json.ts). */
const PARTS: readonly string[] = [
  'the request, an object',
  'subject, an object with type and id',
  'subject.type, a string',
  'subject.id, a string',
  'subject.properties, an object',
  'subject.properties.roles, a list',
  'subject.on_behalf_of, an object with type and id',
  'subject.delegation_chain, a list of objects with type and id',
  'action, an object with name',
  'action.name, a string',
  'action.properties, an object',
  'resource, an object with type and id',
  'resource.type, a string',
  'resource.id, a string',
  'resource.properties, an object',
  'context, an object',
  'tenant, a string',
]

function bad(message: string): SallyportError {
  return new SallyportError('E_REQUEST', message)
}
