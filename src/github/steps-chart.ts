import type { Outcome } from '../deployment/outcome.ts'
import type { StepRecord } from '../deployment/run.ts'

type Counted = StepRecord & { readonly seen: number }

/** Share asked for against share seen, as a chart for Mermaid; empty when fewer than two steps were counted. */
export function stepsChart({ steps }: Outcome): string {
  const counted = steps.filter((step): step is Counted => step.seen !== undefined)
  if (counted.length < 2) return ''
  return [
    '```mermaid',
    look,
    'xychart-beta',
    '  title "Per cent on the new version: bars asked for, line seen"',
    `  x-axis [${counted.map(label).join(', ')}]`,
    '  y-axis "per cent of production" 0 --> 100',
    `  bar [${counted.map(({ asked }) => asked).join(', ')}]`,
    `  line [${counted.map(({ seen }) => seen.toFixed(1)).join(', ')}]`,
    '```',
  ].join('\n')
}

/** Colours that show on white and on black; the usual ones are too pale for either. */
const look =
  '%%{init: {"xyChart": {"width": 640, "height": 320}, "themeVariables": {"xyChart": {"plotColorPalette": "#8a8fd8, #d9730d"}}}}%%'

/** One label twice would be one bar. */
const label = ({ asked, ended }: Counted, at: number, all: readonly Counted[]): string =>
  `"${all.findIndex((step) => step.asked === asked) === at ? '' : `${at + 1}: `}${asked} %${ended === 'well' ? '' : ' (failed)'}"`
