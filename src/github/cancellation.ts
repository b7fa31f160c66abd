import { Cancelled } from '../deployment/errors.ts'

/** The part of `process` that signals come from. */
export interface SignalSource {
  on(name: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  off(name: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
}

/**
 * Aborts, with Cancelled as the reason, when the runner cancels the job: it sends SIGINT, after 7.5 s SIGTERM, and
 * 2.5 s later it kills. `stop` gives the signals back to the process.
 */
export function cancellation(source: SignalSource): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const cancel = () => controller.abort(new Cancelled())
  source.on('SIGINT', cancel)
  source.on('SIGTERM', cancel)
  return {
    signal: controller.signal,
    stop() {
      source.off('SIGINT', cancel)
      source.off('SIGTERM', cancel)
    },
  }
}
