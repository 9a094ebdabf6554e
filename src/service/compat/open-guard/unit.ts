/** What budgets and costs of open-guard count: it does not say. */
export const UNIT = 'open-guard'
