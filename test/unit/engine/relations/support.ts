import type { Engine } from '../../../../src/engine/types.ts'
import type { PolicyDocument } from '../../../../src/policy/document.ts'

/** Documents in folders, groups of users, an editor whose tuple may have a condition. */
export const policies: PolicyDocument = {
  version: 1,
  relations: {
    user: {},
    group: { member: ['user', 'group#member'] },
    folder: { parent: ['folder'], viewer: { any: [['user', 'group#member'], { from: 'parent', relation: 'viewer' }] } },
    doc: {
      parent: ['folder'],
      owner: ['user'],
      blocked: ['user'],
      editor: ['user with near', 'user'],
      viewer: {
        base: { any: [['user:*', 'group#member'], 'owner', 'editor', { from: 'parent', relation: 'viewer' }] },
        except: 'blocked',
      },
    },
  },
  conditions: {
    near: { 'context.zone': { in: { ref: 'tuple.zones' } }, now: { lt: { ref: 'tuple.until' }, otherwise: true } },
  },
  entities: { tuples: ['doc:1#viewer@group:eng#member', 'group:eng#member@user:ann'] },
  rules: [
    { id: 'view', allow: 'view', on: 'doc', to: { relation: 'viewer' } },
    { id: 'edit', allow: 'edit', to: { relation: 'editor' } },
    { id: 'blocked', deny: 'talk', when: { related: { relation: 'blocked' } } },
    { id: 'talk', allow: 'talk' },
  ],
}

/** The condition on tuples that `policies` names. */
export const near = (zones: readonly string[], more: object = {}) => ({ name: 'near', context: { zones, ...more } })

/** A decision about a user and a document. */
export function ask(engine: Engine, who: string, action: string, doc: string, context?: object, now?: number) {
  const request = {
    subject: { type: 'user', id: who },
    action: { name: action },
    resource: { type: 'doc', id: doc },
    ...(context && { context: { ...context } }),
  }
  return engine.evaluate(request, now === undefined ? {} : { now })
}
