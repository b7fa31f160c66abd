import type { Environment } from './environment.ts'
import type { Run } from './run.ts'

/** Which of these, as they were just read, has production; undefined when it is none of them. */
export function holderAmong(
  { ports }: Pick<Run, 'ports'>,
  members: readonly Environment[],
  productionName: string,
): Promise<Environment | undefined> {
  return ports.routerFor({ ids: members.map(({ id }) => id), productionName }).holder(members)
}
