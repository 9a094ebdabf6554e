/** Something a developer's machine may lack. It is named and passed over there; where CI is set, it is a failure. */
export class SkipError extends Error {}
