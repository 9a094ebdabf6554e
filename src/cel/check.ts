/**
 * Checking: a syntax tree to a tree with every name resolved. All mistakes are found at once: what is wrong is of any type
 * from then on, so that nothing is told twice.
 */
import { type Called, callFunction } from './call.ts'
import { unknownName } from './call-names.ts'
import type { Environment } from './environment.ts'
import { int, literal } from './literal.ts'
import { macro } from './macro.ts'
import { namespaceOf } from './namespace.ts'
import { attributePath } from './path.ts'
import { isOptional, type Prepared, prepare } from './prepare.ts'
import type { Details, Problem, ProblemCode } from './problem.ts'
import { isProblem, parse, type Syntax } from './syntax.ts'
import { type Range, shallow, type Tree } from './tree.ts'
import { qualifiedType, typeNamed } from './type-names.ts'
import { BOOL, DYN, JSON_VALUE, join, named, overlap, type Type } from './types.ts'

/** The result of checking: a tree when there are no problems. */
export interface Checked {
  readonly tree: Tree | undefined
  readonly problems: readonly Problem[]
}

/**
 * Parses and checks an expression.
 *
 * @example checkExpression('resource.status == "open"', environment).tree?.type // { kind: 'bool' }
 */
export function checkExpression(text: string, environment: Environment): Checked {
  const prepared = prepare(text)
  const syntax = parse(text, prepared.text)
  if (isProblem(syntax)) return { tree: undefined, problems: [syntax] }
  const checker = new Checker(environment, text, prepared)
  const tree = checker.check(syntax)
  return { tree: checker.problems.length === 0 ? tree : undefined, problems: checker.problems }
}

/** A variable that a macro binds, or one of the environment's. */
interface Bound {
  readonly name: string
  readonly index: number
  readonly type: Type
}

/** What is in the list when the element is. */
function elementType(tree: Tree): Type {
  if (tree.kind !== 'optional-element') return tree.type
  return tree.type.kind === 'optional' ? tree.type.of : DYN
}

/** As many as there are cells for them, see CelLimit. */
const maxVariables = 64
/** Trees above one another; the core takes somewhat more, for what the compiler adds. */
const maxDepth = 120

const BINARY: Readonly<Record<string, string>> = {
  '==': '_==_',
  '!=': '_!=_',
  '<': '_<_',
  '<=': '_<=_',
  '>': '_>_',
  '>=': '_>=_',
  '+': '_+_',
  '-': '_-_',
  '*': '_*_',
  '/': '_/_',
  '%': '_%_',
  in: '_in_',
}

export class Checker {
  readonly problems: Problem[] = []
  readonly environment: Environment
  readonly #text: string
  readonly #prepared: Prepared
  readonly #variables: Bound[] = []
  /** What a part is read of. */
  readonly #holders = new WeakSet<Syntax>()
  #depth = 0

  constructor(environment: Environment, text: string, prepared: Prepared) {
    this.environment = environment
    this.#text = text
    this.#prepared = prepared
    for (const { name, type } of environment.variables ?? []) {
      this.#variables.push({ name, index: this.#variables.length, type })
    }
  }

  /** Notes a mistake; what has it is of any type. */
  problem(code: ProblemCode, range: Range, found: string, advice?: string, details?: Details): Tree {
    this.problems.push({ code, range, found, advice, ...details })
    return { kind: 'null', type: DYN, range }
  }

  source(range: Range): string {
    return this.#text.slice(range.start, range.end)
  }

  /** Whether the name is a variable's. */
  isVariable(name: string): boolean {
    return this.#variables.some((variable) => variable.name === name)
  }

  /** Checks `syntax` with variables bound, the first of them in the cell that is returned. */
  within(
    names: readonly string[],
    types: readonly Type[],
    range: Range,
    inside: () => readonly Tree[],
  ): { local: number; trees: readonly Tree[] } {
    const local = this.#variables.length
    if (local + names.length > maxVariables) {
      this.problem('E_LIMIT', range, 'more than 64 variables of macros are around one another', 'split the rule')
      return { local: 0, trees: [] }
    }
    names.forEach((name, i) => {
      this.#variables.push({ name, index: local + i, type: types[i] ?? DYN })
    })
    const trees = inside()
    this.#variables.length = local
    return { local, trees }
  }

  check(syntax: Syntax): Tree {
    if (this.#depth >= maxDepth) {
      return this.problem('E_LIMIT', syntax.range, 'the expression is nested too deeply', 'split the rule')
    }
    this.#depth++
    const tree = this.#node(syntax)
    this.#depth--
    return tree
  }

  #node(syntax: Syntax): Tree {
    const { range } = syntax
    const path = attributePath(syntax, this)
    if (path !== undefined) return path
    switch (syntax.op) {
      case 'value':
        return literal(this, syntax.args, range)
      case 'id':
        return this.#name(syntax.args, range, this.#holders.has(syntax))
      case '-_':
        return this.#negative(syntax)
      case '!_': {
        const of = this.condition(syntax.args)
        return { kind: 'not', of, type: BOOL, range }
      }
      case '&&':
      case '||': {
        const of = this.#flat(syntax.op, syntax).map((part) => this.condition(part))
        return { kind: syntax.op === '&&' ? 'and' : 'or', of, type: BOOL, range }
      }
      case '?:': {
        const [test, yes, no] = syntax.args
        const parts = { test: this.condition(test), yes: this.check(yes), no: this.check(no) }
        return { kind: 'conditional', ...parts, type: join(parts.yes.type, parts.no.type), range }
      }
      case 'list': {
        const items = syntax.args.map((item) => this.#element(item, item.range.start))
        const of = items
          .map((item) => elementType(item))
          .reduce<Type | undefined>((a, b) => (a ? join(a, b) : b), undefined)
        return { kind: 'list', items, type: { kind: 'list', of: of ?? DYN }, range }
      }
      case 'map':
        return this.#map(syntax.args, range)
      case '.':
      case '.?':
        this.#holders.add(syntax.args[0])
        return this.#select(syntax.args[0], this.fieldOf(syntax), syntax.op === '.?', range)
      case '[]':
      case '[?]':
        this.#holders.add(syntax.args[0])
        return callFunction(this, syntax.op === '[]' ? '_[_]' : '_[?_]', syntax.args, range)
      case 'call':
        return this.#call({ name: syntax.args[0], receiver: undefined, args: syntax.args[1], range })
      case 'rcall':
        return this.#call({ name: syntax.args[0], receiver: syntax.args[1], args: syntax.args[2], range })
      default:
        return callFunction(this, BINARY[syntax.op] ?? syntax.op, syntax.args, range)
    }
  }

  /** A part that must be a bool. */
  condition(syntax: Syntax): Tree {
    const tree = this.check(syntax)
    if (!overlap(tree.type, BOOL)) {
      this.problem(
        'E_CEL_TYPE',
        tree.range,
        `a bool belongs here, not ${named(tree.type)}`,
        'compare it with something',
        { types: { found: [named(tree.type)], expected: ['a bool'] } },
      )
    }
    return shallow(tree)
  }

  #flat(op: '&&' | '||', syntax: Syntax): Syntax[] {
    const parts: Syntax[] = []
    let rest = syntax
    // The parser nests a && b && c to the left.
    while (rest.op === op) {
      parts.unshift(rest.args[1])
      rest = rest.args[0]
    }
    return [rest, ...parts]
  }

  /** The name in x.name: as it is written, when it stands in backquotes. */
  fieldOf(syntax: Extract<Syntax, { op: '.' | '.?' }>): string {
    const quoted = this.#text[syntax.pos] === '`'
    return quoted ? this.#text.slice(syntax.pos + 1, syntax.end - 1) : syntax.args[1]
  }

  /** An element of a list, or the value of an entry, whose text starts at an offset: an optional one is left out when empty. */
  #element(syntax: Syntax, start: number): Tree {
    const of = this.check(syntax)
    if (!isOptional(this.#prepared, start)) return of
    if (!overlap(of.type, { kind: 'optional', of: DYN })) {
      this.problem('E_CEL_TYPE', of.range, `${named(of.type)} is no optional`, 'leave out the question mark', {
        types: { found: [named(of.type)], expected: ['an optional'] },
      })
    }
    return { kind: 'optional-element', of, type: of.type, range: of.range }
  }

  #negative(syntax: Extract<Syntax, { op: '-_' }>): Tree {
    const { args, range } = syntax
    if (args.op === 'value' && typeof args.args === 'bigint') return int(this, -args.args, range)
    if (args.op === 'value' && typeof args.args === 'number') return literal(this, -args.args, range)
    return callFunction(this, '-_', [args], range)
  }

  #name(name: string, range: Range, isHolder: boolean): Tree {
    const variable = this.#variables.findLast((one) => one.name === name)
    if (variable !== undefined) return { kind: 'local', index: variable.index, type: variable.type, range }
    const type = typeNamed(name)
    if (type !== undefined) return { kind: 'type', value: type, type: { kind: 'type' }, range }
    return unknownName(this, name, { variables: this.#variables.map((one) => one.name), isHolder }, range)
  }

  #map(pairs: readonly (readonly [Syntax, Syntax])[], range: Range): Tree {
    const entries = pairs.map(([key, value]) => [this.check(key), this.#element(value, key.range.start)] as const)
    for (const [key] of entries) {
      if (!['string', 'int', 'uint', 'bool', 'dyn', 'json'].includes(key.type.kind)) {
        this.problem(
          'E_CEL_TYPE',
          key.range,
          `${named(key.type)} cannot be a key`,
          'keys are string, int, uint or bool',
          { types: { found: [named(key.type)], expected: ['a string', 'an int', 'a uint', 'a bool'] } },
        )
      }
    }
    const all = (types: Type[]): Type =>
      types.reduce<Type | undefined>((a, b) => (a ? join(a, b) : b), undefined) ?? DYN
    const key = all(entries.map(([one]) => one.type))
    return {
      kind: 'map',
      entries,
      type: { kind: 'map', key, value: all(entries.map(([, one]) => elementType(one))) },
      range,
    }
  }

  #select(base: Syntax, key: string, optional: boolean, range: Range): Tree {
    const type = qualifiedType(this.source(range))
    if (type !== undefined) return { kind: 'type', value: type, type: { kind: 'type' }, range }
    const of = this.check(base)
    const inner = of.type.kind === 'optional' ? of.type.of : of.type
    if (!overlap(inner, { kind: 'map', key: DYN, value: DYN })) {
      return this.problem('E_CEL_TYPE', range, `${named(inner)} has no part "${key}"`, 'select from a map', {
        types: { found: [named(inner)], expected: ['a map'] },
      })
    }
    const found = inner.kind === 'map' ? inner.value : inner.kind === 'json' ? JSON_VALUE : DYN
    const asOptional = optional || of.type.kind === 'optional'
    const result: Type = asOptional ? { kind: 'optional', of: found } : of.type.kind === 'dyn' ? DYN : found
    return { kind: optional ? 'optional-select' : 'select', of, key, type: result, range }
  }

  #call(called: Called): Tree {
    return macro(this, called) ?? callNamedFunction(this, called)
  }
}

function callNamedFunction(checker: Checker, { name, receiver, args, range }: Called): Tree {
  if (receiver === undefined) return callFunction(checker, name, args, range)
  const namespaced = namespaceOf(receiver, checker)
  if (namespaced !== undefined) return callFunction(checker, `${namespaced}.${name}`, args, range)
  return callFunction(checker, `.${name}`, [receiver, ...args], range)
}
