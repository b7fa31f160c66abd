import { expect, it } from 'vitest'
import { unlikely } from '../../simulator/switches.ts'
import type { Users } from '../../simulator/users.ts'
import { type OutcomeName, succeeded } from '../../src/deployment/outcome.ts'
import type { Seen } from '../helpers/runner.ts'
import { type Scenario, scenario } from '../helpers/scenario.ts'
import { holdsAtTheEnd } from './holds-at-the-end.ts'
import { pageOf, type Told, told } from './page.ts'

/** One way it can go wrong: what is tried, how it has to end, and what the user has to read. */
export interface Case {
  /** What is wrong, in a few words of the user's; a heading in docs/cases. */
  readonly name: string
  /** The output `outcome`; `refused`: the inputs were, before the first call. */
  readonly ends: OutcomeName | 'refused'
  /** Parts of what the user reads: of the step's error, or, when it succeeds, of its log and warnings. */
  readonly says: readonly (string | RegExp)[]
  /** Users who ask production all the time may see failures. Left out, not one request may fail. */
  readonly usersSeeFailures?: true
  /** What is left open, because only a human or the next run can settle it. */
  readonly leaves?: readonly ('lock' | 'pending' | 'template')[]
  /** The name of who has all of production at the end, where that is not who has the CNAME; undefined: several have. */
  readonly serves?: (story: Scenario) => string | undefined
  /** Where the other answers to what is unconfirmed about AWS make a difference, and there is no better end then. */
  readonly otherwise?: Partial<Pick<Case, 'ends' | 'says' | 'leaves'>>
  /** Tells the story; what it answers is judged. */
  play(story: Scenario): Promise<Seen>
}

/** Everything that is unconfirmed about AWS has two answers. */
const answers = [
  { name: '', switches: {} },
  { name: ' (AWS answers otherwise where no source says)', switches: unlikely },
]

/**
 * Plays every case under both answers to what is unconfirmed about AWS, judges what must hold at the end of any, and
 * keeps the page that users read: `docs/cases/FILE`. `vitest run __tests__/cases -u` writes it anew.
 */
export function tellCases(file: string, title: string, cases: readonly Case[]): void {
  const tellings: Told[] = []
  for (const usual of cases)
    for (const { name, switches } of answers) {
      const one = switches === unlikely ? { ...usual, ...usual.otherwise } : usual
      it(`${one.name}: ${one.ends}${name}`, async () => {
        const users: Users[] = []
        const story = watched(scenario({ switches }), users)
        const seen = await one.play(story)
        expect(endOf(seen), seen.failed).toBe(one.ends)
        const read = isGood(one) ? saidIn(seen) : (seen.failed ?? '')
        for (const part of one.says) expect(read).toMatch(part)
        const requests = users.map((some) => some.report())
        holdsAtTheEnd({ story, seen, one, requests })
        if (switches !== unlikely) tellings.push(told({ one, seen, requests }))
      })
    }
  it(`docs/cases/${file} says what was seen`, async () => {
    expect(tellings).toHaveLength(cases.length)
    await expect(pageOf(title, tellings)).toMatchFileSnapshot(`../../docs/cases/${file}`)
  })
}

/** Inputs are refused before anybody asks AWS. */
const endOf = ({ outputs, summary }: Seen): Case['ends'] =>
  summary.includes('AWS was not called.') ? 'refused' : (outputs.outcome as OutcomeName)

/** Does the step succeed? */
export const isGood = ({ ends }: Pick<Case, 'ends'>): boolean => ends !== 'refused' && succeeded({ is: ends })

const saidIn = ({ log, annotations }: Seen): string =>
  [...log, ...annotations.map(({ says }) => says)].join('\n')

const watched = (story: Scenario, users: Users[]): Scenario => ({
  ...story,
  users: (...order) => {
    const some = story.users(...order)
    users.push(some)
    return some
  },
})
