/** Policies in TypeScript, whose literal types carry over to requests. */
import type { PolicyDocument } from './document.ts'

declare const definition: unique symbol

/** A policy document whose type remembers how it was written. There is nothing more in it when it runs. */
export type Policies<P extends PolicyDocument = PolicyDocument> = PolicyDocument & { readonly [definition]?: P }

/**
 * A policy document in TypeScript. It is returned as it is; its type remembers the actions and resource types, so that a
 * misspelt one in a request is a compile error. Where the document defines `roles`, so is a role in `to` that is not among
 * them: the error names it as missing from `roles`.
 *
 * @example
 * const policies = definePolicies({ version: 1, rules: [{ id: 'read', allow: 'read', on: 'record' }] })
 * const engine = await createEngine({ policies }) // Engine<'read', 'record'>
 */
export function definePolicies<const P extends PolicyDocument>(policies: P & DefiningItsRoles<P>): Policies<P> {
  return policies
}

/**
 * The actions that a request may name: the declared ones, or else those that rules name. `travel:*` becomes
 * `travel:${string}`; where a pattern is anything fancier, or `*`, every string is allowed.
 *
 * @example ActionOf<typeof policies> // 'read' | `travel:${string}`
 */
export type ActionOf<P> =
  DefinitionOf<P> extends { readonly actions: readonly (infer A extends string)[] }
    ? A
    : OrString<ActionOfRule<RuleOf<DefinitionOf<P>>>>

/** The resource types that a request may name: those that rules name; every string where a rule is on any type. */
export type ResourceTypeOf<P> = OrString<TypeOfRule<RuleOf<DefinitionOf<P>>>>

/** The roles that a document defines, those that are only inherited included; every string where it defines none. */
export type RoleOf<P> =
  DefinitionOf<P> extends { readonly roles: infer R extends Readonly<Record<string, readonly string[]>> }
    ? (keyof R & string) | R[keyof R][number]
    : string

/** Nothing more than the document, unless a rule is for a role that is not defined: then it lacks that one. */
type DefiningItsRoles<P> = [UndefinedRoleOf<P>] extends [never]
  ? unknown
  : { readonly roles: { readonly [R in UndefinedRoleOf<P>]: readonly string[] } }

type UndefinedRoleOf<P> = Exclude<RoleOfRule<RuleOf<P>>, RoleOf<P>>

/** The roles that a rule names; none where its type does not say which. */
type RoleOfRule<R> = R extends { readonly to: { readonly role: infer V } } ? Literal<TextsIn<V>> : never

type TextsIn<V> = V extends string ? V : V extends readonly (infer I extends string)[] ? I : never

type Literal<S extends string> = string extends S ? never : S

type DefinitionOf<P> = P extends { readonly [definition]?: infer D } ? (unknown extends D ? P : NonNullable<D>) : P

/** The rules of the top level and of every set. */
type RuleOf<D> = ItemsAt<D, 'rules'> | (D extends { readonly sets: infer S } ? ItemsAt<S[keyof S], 'rules'> : never)

type ItemsAt<T, K extends string> = T extends { readonly [P in K]: readonly (infer I)[] } ? I : never

type ActionOfRule<R> = R extends unknown ? NamesAt<R, 'allow'> | NamesAt<R, 'deny'> | NamesAt<R, 'review'> : never

type TypeOfRule<R> = R extends { readonly on: infer O }
  ? O extends string | readonly string[]
    ? NamesIn<O>
    : OrString<NamesAt<O, 'type'>>
  : R extends unknown
    ? string
    : never

type NamesAt<T, K extends string> = T extends { readonly [P in K]: infer V } ? NamesIn<V> : never

/** The names that one pattern or a list of them covers. */
type NamesIn<V> = V extends string ? NameOf<V> : V extends readonly (infer I extends string)[] ? NameOf<I> : never

type NameOf<S extends string> = S extends unknown
  ? IsExact<S> extends true
    ? S
    : S extends `${infer Head}*`
      ? IsExact<Head> extends true
        ? `${Head}${string}`
        : string
      : string
  : never

type IsExact<S extends string> = S extends `${string}${'*' | '?' | '[' | '{' | '\\'}${string}` ? false : true

type OrString<T> = [T] extends [never] ? string : T
