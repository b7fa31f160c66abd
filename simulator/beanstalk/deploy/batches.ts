import { option, type Settings } from '../settings.ts'

/**
 * How many instances a batch has: BatchSize of BatchSizeType, at least one. That a percentage is rounded down is assumed.
 * [DG:command-options-general aws:elasticbeanstalk:command]
 */
export function batchSize(settings: Settings, instances: number): number {
  const namespace = 'aws:elasticbeanstalk:command'
  const size = Number(option(settings, namespace, 'BatchSize')) || 100
  const isFixed = option(settings, namespace, 'BatchSizeType') === 'Fixed'
  return Math.max(1, isFixed ? Math.min(size, instances) : Math.floor((instances * size) / 100))
}

/** Cuts a list into batches of that size; the last one may be smaller. */
export function inBatches<T>(all: readonly T[], size: number): readonly (readonly T[])[] {
  const count = Math.ceil(all.length / size)
  return Array.from({ length: count }, (_, index) => all.slice(index * size, (index + 1) * size))
}
