/** Thrown inside a transaction, so that it is undone, where a database undoes what throws. */
export class GuardFailed extends Error {
  /** Of the statement in its list. */
  readonly place: number

  constructor(place: number) {
    super(`the guard of statement ${place} does not hold`)
    this.place = place
  }
}
