/** The workloads there are, by the name that `--workload` takes. */
import { agt } from './agt.ts'
import { agtPipeline } from './agt-pipeline.ts'
import { bytes } from './bytes.ts'
import { cel } from './cel.ts'
import { chains } from './chains.ts'
import { listing } from './listing.ts'
import { rbacAbac } from './rbac-abac.ts'
import { relations } from './relations.ts'
import { roles } from './roles.ts'
import { toolCalls } from './tool-calls.ts'
import type { WorkloadFactory } from './workload.ts'
import { worstCase } from './worst-case.ts'

export const workloads: readonly WorkloadFactory[] = [
  roles,
  rbacAbac,
  worstCase,
  toolCalls,
  relations,
  chains,
  agt,
  agtPipeline,
  listing,
  bytes,
  cel,
]

/** The workload of that name, or undefined. */
export function findWorkload(name: string): WorkloadFactory | undefined {
  return workloads.find((workload) => workload.name === name)
}
