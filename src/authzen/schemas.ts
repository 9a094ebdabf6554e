/** What requests are made of (AuthZEN Authorization API 1.0, section 5), as documents describe it. */
import { anyObject, plainObject, text } from './plain-schema.ts'

export const SubjectSchema = plainObject('AuthzenSubject', { type: text, id: text }, { properties: anyObject })
export const ResourceSchema = plainObject('AuthzenResource', { type: text, id: text }, { properties: anyObject })
export const ActionSchema = plainObject('AuthzenAction', { name: text }, { properties: anyObject })
