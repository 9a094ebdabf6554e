/** What must be done along with an allow (AuthZEN's Obligations Profile 1.0). Whoever cannot do it treats the allow as a denial. */
import { type JsonObject, own } from '../authzen/json.ts'

/** Whether a decision's context asks for something; what is no list is not understood, so that nobody can do it. */
export function hasObligations(context: JsonObject = {}): boolean {
  const obligations = own(context, 'obligations') ?? []
  return !(Array.isArray(obligations) && obligations.length === 0)
}
