/** What the core says is wrong with a request's body, as an error. */
import { BodyFault, BodyLimit, PathNode } from '../../assembly/abi/json.ts'
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
  if (fault === BodyFault.Form) return bad(`${PARTS[part] ?? 'the request'} is missing, or of another type`)
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

const PARTS: Readonly<Record<number, string>> = {
  [PathNode.Subject]: 'subject, an object with type and id,',
  [PathNode.SubjectType]: 'subject.type, a string,',
  [PathNode.SubjectId]: 'subject.id, a string,',
  [PathNode.SubjectProperties]: 'subject.properties, an object,',
  [PathNode.OnBehalfOf]: 'subject.on_behalf_of, an object with type and id,',
  [PathNode.DelegationChain]: 'subject.delegation_chain, a list of objects with type and id,',
  [PathNode.Action]: 'action, an object with name,',
  [PathNode.ActionName]: 'action.name, a string,',
  [PathNode.ActionProperties]: 'action.properties, an object,',
  [PathNode.Resource]: 'resource, an object with type and id,',
  [PathNode.ResourceType]: 'resource.type, a string,',
  [PathNode.ResourceId]: 'resource.id, a string,',
  [PathNode.ResourceProperties]: 'resource.properties, an object,',
  [PathNode.Context]: 'context, an object,',
  [PathNode.Tenant]: 'tenant, a string,',
}

function bad(message: string): SallyportError {
  return new SallyportError('E_REQUEST', message)
}
