/** Operators as policies name them, and what stands for their negation where they have none of their own. */
import { Op, Quantifier } from '../../assembly/abi/condition.ts'

const OPERATORS: Readonly<Record<number, readonly [plain: string, negated: string]>> = {
  [Op.Eq]: ['eq', 'neq'],
  [Op.In]: ['in', 'not_in'],
  [Op.Gt]: ['gt', 'not gt'],
  [Op.Gte]: ['gte', 'not gte'],
  [Op.Lt]: ['lt', 'not lt'],
  [Op.Lte]: ['lte', 'not lte'],
  [Op.Contains]: ['contains', 'not_contains'],
  [Op.ContainsAny]: ['contains_any', 'not contains_any'],
  [Op.ContainsAll]: ['contains_all', 'not contains_all'],
  [Op.IsSubset]: ['is_subset', 'not is_subset'],
  [Op.StartsWith]: ['starts_with', 'not starts_with'],
  [Op.EndsWith]: ['ends_with', 'not ends_with'],
  [Op.Exists]: ['exists', 'exists'],
  [Op.Glob]: ['glob', 'not glob'],
  [Op.Regex]: ['regex', 'not_regex'],
  [Op.Cidr]: ['ip_in_cidr', 'not ip_in_cidr'],
  [Op.SemverEq]: ['semver_eq', 'not semver_eq'],
  [Op.SemverGt]: ['semver_gt', 'not semver_gt'],
  [Op.SemverGte]: ['semver_gte', 'not semver_gte'],
  [Op.SemverLt]: ['semver_lt', 'not semver_lt'],
  [Op.SemverLte]: ['semver_lte', 'not semver_lte'],
  [Op.HasRole]: ['holds one of', 'holds none of'],
  [Op.EqString]: ['eq', 'neq'],
  [Op.GtNumber]: ['gt', 'not gt'],
  [Op.GteNumber]: ['gte', 'not gte'],
  [Op.LtNumber]: ['lt', 'not lt'],
  [Op.LteNumber]: ['lte', 'not lte'],
  [Op.InStrings]: ['in', 'not_in'],
  [Op.EqualAttributes]: ['eq', 'neq'],
  [Op.During]: ['during', 'not during'],
  [Op.Before]: ['before', 'not before'],
  [Op.After]: ['after', 'not after'],
  [Op.BeforeAttribute]: ['before', 'not before'],
  [Op.AfterAttribute]: ['after', 'not after'],
  [Op.Within]: ['within', 'not within'],
  [Op.OlderThan]: ['older_than', 'not older_than'],
}

const QUANTIFIERS: Readonly<Record<number, string>> = {
  [Quantifier.Any]: 'any_matches',
  [Quantifier.All]: 'all_match',
  [Quantifier.None]: 'none_match',
}

/** The operator of a test, or of one under a `not`. */
export function operatorOf(op: number, negated: boolean): string {
  return OPERATORS[op]?.[negated ? 1 : 0] ?? ''
}

/** The operator of a node that goes through a list. */
export function quantifierOf(quantifier: number, negated: boolean): string {
  const name = QUANTIFIERS[quantifier] ?? ''
  return negated ? `not ${name}` : name
}
