import type { Outcome } from '../deployment/outcome.ts'
import type { StageRecord } from '../deployment/run.ts'

/** The stages as a Gantt chart for Mermaid; empty when there is nothing to compare. */
export function diagramOf({ stages }: Outcome): string {
  const shown = stages.slice(0, 30)
  if (shown.length < 2) return ''
  return [
    '```mermaid',
    'gantt',
    '  dateFormat YYYY-MM-DD HH:mm:ss.SSS',
    `  axisFormat ${shown.some(({ beganAt, took }) => beganAt + took > 3_600_000) ? '%H:%M:%S' : '%M:%S'}`,
    ...shown.map(bar),
    '```',
  ].join('\n')
}

const bar = ({ title, beganAt, took, ended }: StageRecord): string =>
  `  ${label(title)} :${ended === 'well' ? '' : 'crit, '}${moment(beganAt)}, ${moment(beganAt + Math.max(took, 1))}`

/** On a day of its own that begins at midnight wherever it is read: Mermaid reads and writes local time. */
const moment = (ms: number): string =>
  new Date(Date.UTC(2000, 0, 1) + ms).toISOString().replace('T', ' ').replace('Z', '')

/** Mermaid has no quoting here: what it could take for its own is left out. */
const label = (title: string): string =>
  title
    .replace(/[^\p{L}\p{N} .-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60) || 'stage'
