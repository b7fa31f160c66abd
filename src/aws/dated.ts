import type { MiddlewareStack } from '@smithy/types'
import type { Instant } from '../deployment/ports.ts'

/** Has `tell` called with the `Date` header of every answer to the command, errors included. */
// biome-ignore lint/suspicious/noExplicitAny: whatever the command's input and output are
export function dated<C extends { readonly middlewareStack: MiddlewareStack<any, any> }>(
  command: C,
  tell: (date: Instant) => void,
): C {
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args)
      const { headers } = result.response as { readonly headers?: Readonly<Record<string, string>> }
      const date = Date.parse(headers?.date ?? '')
      if (!Number.isNaN(date)) tell(date)
      return result
    },
    { name: 'readDate', step: 'deserialize', priority: 'low' },
  )
  return command
}
