/** Guards for routes of an application: may the bearer of this token do that? */
export { authorizationOf } from './authorization.ts'
export { createAuthorizer } from './authorizer.ts'
export { expressMiddleware } from './express.ts'
export { fastifyMiddleware } from './fastify.ts'
export { fetchMiddleware } from './fetch.ts'
export { honoMiddleware } from './hono.ts'
export { type JwtOptions, subjectFromJwt } from './jwt.ts'
export type * from './types.ts'
