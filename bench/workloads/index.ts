/** The workloads there are, by the name that `--only` takes. */
import { rbacAbac } from './rbac-abac.ts'
import type { WorkloadFactory } from './workload.ts'

export const workloads: readonly WorkloadFactory[] = [rbacAbac]

/** The workload of that name, or undefined. */
export function findWorkload(name: string): WorkloadFactory | undefined {
  return workloads.find((workload) => workload.name === name)
}
