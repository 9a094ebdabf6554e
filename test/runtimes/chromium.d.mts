export function findChromium(): { readonly path: string } | { readonly missing: string }
export function runPage<T>(entry: string, use: (report: unknown, version: string) => T): Promise<T>
