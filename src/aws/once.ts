import type { MiddlewareStack } from '@smithy/types'

/**
 * The same command, sent once whatever happens: for requests that must not be repeated unseen. It takes the place of the
 * client's retry middleware, so that the client's connections and what it learned about this machine's clock still count.
 */
// biome-ignore lint/suspicious/noExplicitAny: whatever the command's input and output are
export function once<C extends { readonly middlewareStack: MiddlewareStack<any, any> }>(command: C): C {
  command.middlewareStack.add((next) => next, {
    name: 'retryMiddleware',
    step: 'finalizeRequest',
    priority: 'high',
    override: true,
  })
  return command
}
