/** Policies in TypeScript, whose literal types carry over to requests. */
import type { PolicyDocument } from './document.ts'

declare const definition: unique symbol

/** A policy document whose type remembers how it was written. There is nothing more in it when it runs. */
export type Policies<P extends PolicyDocument = PolicyDocument> = PolicyDocument & { readonly [definition]?: P }

/**
 * A policy document in TypeScript. It is returned as it is; its type remembers the actions and resource types, so that a
 * misspelt one in a request is a compile error.
 *
 * @example
 * const policies = definePolicies({ version: 1, rules: [{ id: 'read', allow: 'read', on: 'record' }] })
 * const engine = await createEngine({ policies }) // Engine<'read', 'record'>
 */
export function definePolicies<const P extends PolicyDocument>(policies: P): Policies<P> {
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
