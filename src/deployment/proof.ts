import type { TrafficRouter } from './ports.ts'
import type { Proven } from './run.ts'

/** What Beanstalk, or whoever else routes production, says itself, where nothing else can tell. */
export const ownAnswer = (
  { authority }: Pick<TrafficRouter, 'authority'>,
  productionName: string | undefined,
  { id, name }: { readonly id: string; readonly name: string },
): Proven => ({ environment: id, saw: `${authority}'s own answer: ${productionName} belongs to ${name}` })
