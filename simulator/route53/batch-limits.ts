import type { BatchLine } from './batch-input.ts'
import { invalidChangeBatch } from './errors.ts'

/**
 * Throws InvalidChangeBatch for a batch that is too large: 1,000 records, aliases included, and 32,000 characters of values,
 * each counted twice in an UPSERT. [R53:DNSLimitations] (§B); the text about characters is assumed.
 */
export function assertWithinLimits(lines: readonly BatchLine[]): void {
  let [records, characters] = [0, 0]
  for (const { action, record } of lines) {
    const times = action === 'UPSERT' ? 2 : 1
    const values = record.ResourceRecords ?? []
    records += times * (record.AliasTarget ? 1 : values.length)
    characters += times * values.reduce((sum, { Value = '' }) => sum + Value.length, 0)
  }
  const problems = [
    ...(records > MOST_RECORDS ? [`Number of records limit of ${MOST_RECORDS} exceeded.`] : []),
    ...(characters > MOST_CHARACTERS ? [`Number of characters limit of ${MOST_CHARACTERS} exceeded.`] : []),
  ]
  if (problems.length > 0) throw invalidChangeBatch(problems)
}

const MOST_RECORDS = 1_000
const MOST_CHARACTERS = 32_000
