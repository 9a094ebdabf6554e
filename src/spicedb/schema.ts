/**
 * SpiceDB's schema language (authzed.com/docs/spicedb/concepts/schema), as relations and conditions of ours. What ours has no
 * equal for is told by name and reason, and then nothing is made of the schema.
 */
import type { ParameterCondition, RewriteSource } from '../policy/document.ts'
import { readExpression } from './permission.ts'
import { Scanner } from './scanner.ts'

export interface Schema {
  readonly relations: Readonly<Record<string, Readonly<Record<string, RewriteSource>>>>
  readonly conditions: Readonly<Record<string, ParameterCondition>>
  /** What is not covered: where it is, and what. */
  readonly uncovered: readonly string[]
}

/**
 * Reads a schema.
 *
 * @throws SchemaError when it is not formed as one
 */
export function readSchema(text: string): Schema {
  const reader = new SchemaReader(text)
  reader.read()
  return reader
}

class SchemaReader implements Schema {
  readonly relations: Record<string, Record<string, RewriteSource>> = {}
  readonly conditions: Record<string, ParameterCondition> = {}
  readonly uncovered: string[] = []
  readonly #scanner: Scanner

  constructor(text: string) {
    this.#scanner = new Scanner(text)
  }

  read(): void {
    const scanner = this.#scanner
    while (scanner.next !== '') {
      const word = scanner.name('a definition')
      if (word === 'definition') this.#definition()
      else if (word === 'caveat') this.#caveat()
      // What a flag allows is covered or not where it is used.
      else if (word === 'use') scanner.name('a flag')
      else if (word === 'partial' || word === 'import') {
        this.uncovered.push(`"${word}": schemas in parts`)
        return
      } else throw scanner.error(`"${word}" where a definition belongs`)
    }
  }

  #definition(): void {
    const scanner = this.#scanner
    const type = scanner.name('the name of a definition')
    const relations: Record<string, RewriteSource> = {}
    this.relations[type] = relations
    scanner.expect('{')
    while (!scanner.skip('}')) {
      const word = scanner.name('a relation or permission')
      const name = scanner.name('its name')
      const uncovered = (what: string) => this.uncovered.push(`${type}#${name}: ${what}`)
      if (word === 'relation') {
        scanner.expect(':')
        relations[name] = this.#subjects(uncovered)
      } else if (word === 'permission') {
        // Types that a permission is said to lead to change nothing.
        if (scanner.skip(':')) {
          do scanner.name('a type')
          while (scanner.skip('|'))
        }
        scanner.expect('=')
        const by = readExpression(scanner, uncovered)
        if (by === undefined) uncovered('"nil" alone: a permission that nobody has')
        else relations[name] = by
      } else throw scanner.error(`"${word}" where a relation or permission belongs`)
    }
  }

  /** `user | user:* | group#member with caveat`: subject types as ours are written. */
  #subjects(uncovered: (what: string) => void): string[] {
    const scanner = this.#scanner
    const subjects: string[] = []
    do {
      let subject = scanner.name('a type of subject')
      if (scanner.skip('#')) {
        // `user#...` is the user itself.
        if (scanner.next === '.') for (let i = 0; i < 3; i++) scanner.expect('.')
        else subject += `#${scanner.name('a relation')}`
      } else if (scanner.skip(':')) {
        scanner.expect('*')
        subject += ':*'
      }
      if (scanner.skip('with')) {
        const traits = [scanner.name('a caveat')]
        while (scanner.next === 'and' && scanner.skip('and')) traits.push(scanner.name('a trait'))
        const [caveat] = traits.filter((trait) => trait !== 'expiration')
        if (caveat !== undefined) subject += ` with ${caveat}`
        if (traits.includes('expiration')) uncovered('expiration: tuples that expire by themselves')
      }
      subjects.push(subject)
    } while (scanner.skip('|'))
    return subjects
  }

  #caveat(): void {
    const scanner = this.#scanner
    const name = scanner.name('the name of a caveat')
    const parameters: Record<string, string> = {}
    scanner.expect('(')
    while (!scanner.skip(')')) {
      const parameter = scanner.name('a parameter')
      parameters[parameter] = this.#type()
      if (/\bbytes\b/.test(parameters[parameter]))
        this.uncovered.push(`${name}(${parameter}): parameters of type bytes`)
      if (scanner.next !== ')') scanner.expect(',')
    }
    this.conditions[name] = { parameters, cel: scanner.body().trim() }
  }

  #type(): string {
    const scanner = this.#scanner
    const name = scanner.name('a type')
    if (!scanner.skip('<')) return name
    const of = scanner.nested(() => this.#type())
    scanner.expect('>')
    return `${name}<${of}>`
  }
}
