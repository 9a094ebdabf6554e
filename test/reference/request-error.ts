/** The request is not of the form that the reference page asks for. */
export class RequestError extends Error {
  override name = 'RequestError'
}
