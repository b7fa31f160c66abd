import type { Outcome } from '../deployment/outcome.ts'
import type { StepRecord, VersionSeen } from '../deployment/run.ts'
import { inWords } from '../deployment/wait-until.ts'
import { perCent } from './outputs.ts'
import { table } from './table.ts'
import { code } from './text.ts'

/** More steps than per cent there cannot be. */
const most = 100

/** What users saw at each step of a shift: a table for the summary; empty where production moved at once. */
export function stepsTable({ steps }: Outcome): string {
  if (steps.length === 0) return ''
  return [
    '### How production moved',
    "The shares are the new version's; what was seen is what the instances of both environments counted, once clients followed.",
    table(
      ['share asked for', 'share seen', 'requests a second', 'failed of our own', 'took', 'ended'],
      steps.slice(0, most).map(row),
    ),
    ...behind(steps),
  ].join('\n\n')
}

/** Below this nobody can put it down to chance, or to the last of clients' old answers; in per cent. */
const nearlyAll = 90

/** What is not moved by what was changed shows itself when everything should have come. */
function behind(steps: readonly StepRecord[]): readonly string[] {
  const seen = steps.find(({ asked, ended }) => asked === 100 && ended === 'well')?.seen
  if (seen === undefined || seen >= nearlyAll) return []
  return [
    `When all of production was asked for, only ${seen.toFixed(1)} % of the requests arrived at the new version: the others come by a name that leads straight to the other environment, or from clients that keep old answers.`,
  ]
}

const row = ({ asked, seen, versions, users, took, ended }: StepRecord): readonly string[] => [
  `${asked} %`,
  seen === undefined ? 'not counted' : `${seen.toFixed(1)} %`,
  versions.length === 0 ? '–' : versions.map(rate).join('<br>'),
  users === undefined || users.requests === 0 ? 'not measured' : failuresOf(users),
  inWords(took),
  ended === 'well' ? 'held' : '**failed**',
]

const rate = ({ version, environment, perSecond, serverErrorShare }: VersionSeen): string =>
  `${code(version ?? environment)} ${perSecond.toFixed(1)}, ${errors(serverErrorShare)}`

/** Anything but none is worth being seen. */
const errors = (share: number): string =>
  share === 0 ? 'no server errors' : `**${share.toFixed(1)} % server errors**`

const failuresOf = ({ requests, failures }: NonNullable<StepRecord['users']>): string =>
  failures === 0 ? `none of ${requests}` : `**${failures} of ${requests}** (${perCent(failures, requests)} %)`
