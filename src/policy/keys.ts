/** The keys of every map in a document. The JSON Schema lists the same; a test compares them. */

export const documentKeys = [
  'version',
  'tenant',
  'description',
  'actions',
  'roles',
  'calendars',
  'separation',
  'relations',
  'relation_depth',
  'conditions',
  'entities',
  'algorithm',
  'rules',
  'sets',
  'combine',
  'routes',
  'actor_types',
  'chain',
  'trust',
  'secrets',
  '$schema',
] as const

export const entitiesKeys = ['subjects', 'resources', 'tuples'] as const
export const tupleKeys = ['object', 'relation', 'subject', 'condition'] as const
export const relatedKeys = ['subject', 'relation', 'object'] as const
export const termKeys = ['type', 'id', 'relation'] as const
export const subjectKeys = ['type', 'id', 'roles', 'properties'] as const
export const resourceKeys = ['type', 'id', 'properties'] as const
export const heldRoleKeys = ['role', 'on'] as const
export const roleOnKeys = ['type', 'id'] as const
export const separationKinds = ['static', 'dynamic'] as const
export const separationKeys = ['roles', 'at_most'] as const
export const setKeys = ['description', 'algorithm', 'rules'] as const
export const routeKeys = ['actions', 'sets'] as const

/** What few rules have. */
export const rareRuleKeys = [
  'description',
  'approval',
  'priority',
  'because',
  'obligations',
  'advice',
  'delegable',
] as const

export const ruleKeys = [
  'id',
  'allow',
  'deny',
  'review',
  'on',
  'to',
  'when',
  'unless',
  'during',
  'chain',
  ...rareRuleKeys,
] as const

export const approvalKeys = ['by', 'quorum', 'order', 'within', 'valid', 'uses', 'escalate'] as const
export const approvalOrders = ['parallel', 'sequence'] as const
export const approverKeys = ['role', 'relation', 'of', 'id'] as const
export const escalateKeys = ['after', 'to'] as const
export const onKeys = ['type', 'id'] as const
export const duringKeys = ['from', 'until', 'for', 'days', 'dates', 'hours', 'except', 'zone'] as const
/** Beside `within` and `older_than`, when a duration alone does not do. */
export const ageKeys = ['duration', 'zone'] as const
/** As ISO 8601 numbers them: Monday is 1. */
export const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** Keys that stand beside paths in a condition, but not in one over items. */
export const conditionTests = ['trust'] as const
export const chainSettingKeys = ['max_depth', 'repeats'] as const
export const chainKeys = ['root', 'immediate', 'depth', 'any', 'all', 'none', 'trust'] as const
export const trustSettingKeys = ['scale', 'attribute', 'updated', 'decay', 'floor'] as const
export const decayKeys = ['half_life', 'per', 'lose'] as const
export const trustKeys = ['min', 'max', 'over', 'trusted', 'otherwise'] as const
export const trustScopes = ['immediate', 'root', 'all', 'minimum', 'product'] as const
/** Keys beside the operators of a test. */
export const modifiers = ['otherwise', 'ignore_case', 'trusted'] as const
export const toKeys = ['role', 'type', 'id', 'relation'] as const
export const conditionKeys = ['all', 'any', 'not', 'during', 'related', 'cel'] as const
export const effects = ['allow', 'deny', 'review'] as const
export const combinations = ['any', 'all'] as const

export const algorithms = [
  'deny-overrides',
  'allow-overrides',
  'priority',
  'first-applicable',
  'most-specific',
] as const

export const operators = [
  'eq',
  'neq',
  'in',
  'not_in',
  'gt',
  'gte',
  'lt',
  'lte',
  'exists',
  'contains',
  'not_contains',
  'contains_any',
  'contains_all',
  'is_subset',
  'starts_with',
  'ends_with',
  'glob',
  'regex',
  'not_regex',
  'ip_in_cidr',
  'semver_eq',
  'semver_gt',
  'semver_gte',
  'semver_lt',
  'semver_lte',
  'before',
  'after',
  'within',
  'older_than',
  'any_matches',
  'all_match',
  'none_match',
] as const

export type Operator = (typeof operators)[number]

/** What people write who come from other languages; keys are lower case without separators, or as written. */
export const ruleSynonyms: ReadonlyMap<string, string> = new Map([
  ['permit', 'allow'],
  ['grant', 'allow'],
  ['forbid', 'deny'],
  ['block', 'deny'],
  ['reject', 'deny'],
  ['escalate', 'review'],
  ['approve', 'review'],
  ['name', 'id'],
  ['resource', 'on'],
  ['resources', 'on'],
  ['object', 'on'],
  ['subject', 'to'],
  ['subjects', 'to'],
  ['principal', 'to'],
  ['for', 'to'],
  ['if', 'when'],
  ['condition', 'when'],
  ['conditions', 'when'],
  ['where', 'when'],
  ['except', 'unless'],
  ['reason', 'because'],
  ['message', 'because'],
  ['obligation', 'obligations'],
])

/** What others write in several keys and a rule in one: no key takes their place. */
export const ruleInstead: ReadonlyMap<string, string> = new Map([
  ['effect', 'write the effect with its actions: allow: read'],
  ['action', 'write the effect with its actions: allow: read'],
  ['actions', 'write the effect with its actions: allow: [read, write]'],
])

export const operatorSynonyms: ReadonlyMap<string, string> = new Map([
  ['=', 'eq'],
  ['==', 'eq'],
  ['===', 'eq'],
  ['equals', 'eq'],
  ['equal', 'eq'],
  ['is', 'eq'],
  ['!=', 'neq'],
  ['!==', 'neq'],
  ['<>', 'neq'],
  ['ne', 'neq'],
  ['notequals', 'neq'],
  ['notequal', 'neq'],
  ['isnot', 'neq'],
  ['>', 'gt'],
  ['greaterthan', 'gt'],
  ['>=', 'gte'],
  ['ge', 'gte'],
  ['min', 'gte'],
  ['<', 'lt'],
  ['lessthan', 'lt'],
  ['<=', 'lte'],
  ['le', 'lte'],
  ['max', 'lte'],
  ['oneof', 'in'],
  ['nin', 'not_in'],
  ['noneof', 'not_in'],
  ['has', 'contains'],
  ['includes', 'contains'],
  ['subsetof', 'is_subset'],
  ['startswith', 'starts_with'],
  ['prefix', 'starts_with'],
  ['endswith', 'ends_with'],
  ['suffix', 'ends_with'],
  ['like', 'glob'],
  ['matches', 'regex'],
  ['regexp', 'regex'],
  ['pattern', 'regex'],
  ['cidr', 'ip_in_cidr'],
  ['some', 'any_matches'],
  ['every', 'all_match'],
  ['none', 'none_match'],
  ['newerthan', 'within'],
  ['olderthan', 'older_than'],
  ['present', 'exists'],
  ['default', 'otherwise'],
  ['else', 'otherwise'],
  ['caseinsensitive', 'ignore_case'],
  ['insensitive', 'ignore_case'],
  ['icase', 'ignore_case'],
  ['nocase', 'ignore_case'],
  ['trustedonly', 'trusted'],
])

/** What other languages call the keys that join conditions. */
export const combinationSynonyms: ReadonlyMap<string, string> = new Map([
  ['or', 'any'],
  ['anyof', 'any'],
  ['any_of', 'any'],
  ['and', 'all'],
  ['allof', 'all'],
  ['all_of', 'all'],
  ['expr', 'cel'],
  ['expression', 'cel'],
])

export const duringSynonyms: ReadonlyMap<string, string> = new Map([
  ['notbefore', 'from'],
  ['start', 'from'],
  ['notafter', 'until'],
  ['end', 'until'],
  ['to', 'until'],
  ['ttl', 'for'],
  ['duration', 'for'],
  ['weekdays', 'days'],
  ['times', 'hours'],
  ['timerange', 'hours'],
  ['timezone', 'zone'],
  ['tz', 'zone'],
  ['holidays', 'except'],
  ['unless', 'except'],
])

export const daySynonyms: ReadonlyMap<string, string> = new Map([
  ['monday', 'mon'],
  ['tuesday', 'tue'],
  ['wednesday', 'wed'],
  ['thursday', 'thu'],
  ['friday', 'fri'],
  ['saturday', 'sat'],
  ['sunday', 'sun'],
])

export const algorithmSynonyms: ReadonlyMap<string, string> = new Map([
  ['denyoverride', 'deny-overrides'],
  ['denyunlesspermit', 'deny-overrides'],
  ['permitoverrides', 'allow-overrides'],
  ['firstmatch', 'first-applicable'],
  ['highestpriority', 'priority'],
])

export const rootSynonyms: ReadonlyMap<string, string> = new Map([
  ['user', 'subject'],
  ['principal', 'subject'],
  ['agent', 'subject'],
  ['actor', 'subject'],
  ['object', 'resource'],
  ['record', 'resource'],
  ['environment', 'context'],
  ['env', 'context'],
  ['request', 'context'],
  ['ctx', 'context'],
  ['time', 'now'],
  ['delegation', 'chain'],
])
