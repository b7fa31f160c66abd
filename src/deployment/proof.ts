import type { Proven } from './run.ts'

/** What Beanstalk itself says, where nothing else can tell. */
export const ownAnswer = (
  cname: string | undefined,
  { id, name }: { readonly id: string; readonly name: string },
): Proven => ({ environment: id, saw: `Beanstalk's own answer: ${cname} belongs to ${name}` })
