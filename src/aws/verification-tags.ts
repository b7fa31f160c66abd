import { Failure } from '../deployment/errors.ts'
import type { Verification } from '../deployment/ports.ts'

/** A tag as calls and answers carry it. */
export interface Tag {
  readonly Key?: string | undefined
  readonly Value?: string | undefined
}

const key = (name: string) => `blue-green:verified-${name}`
const nowhere = 'nowhere'
/** At most 255 characters, to be on the safe side of the documents, which do not agree. (A.13) */
const longest = 255

/** The tags that remember a verification; undefined: that none counts. All in one call, so that they belong together. */
export function tagsOf(verification: Verification | undefined): readonly Required<Tag>[] {
  if (!verification) return [{ Key: key('in'), Value: nowhere }]
  const { environment, commit, tests, at, unchangedSince, live } = verification
  const values = {
    in: environment,
    at: new Date(at).toISOString(),
    commit: commit ?? 'unknown',
    tests,
    'unchanged-since': new Date(unchangedSince).toISOString(),
    live: live.environment,
    'live-version': live.version === undefined ? noVersion : toValue(live.version),
  }
  return Object.entries(values).map(([name, value]) => ({ Key: key(name), Value: value }))
}

/** What the tags remember; undefined for none, and for what no version of this action wrote. */
export function verificationIn(tags: readonly Tag[]): Verification | undefined {
  const said = (name: string) => tags.find(({ Key }) => Key === key(name))?.Value
  const [environment, tests, live, liveVersion] = ['in', 'tests', 'live', 'live-version'].map(said)
  const [at, unchangedSince] = ['at', 'unchanged-since'].map((name) => Date.parse(said(name) ?? ''))
  const commit = said('commit')
  if (!environment || environment === nowhere || !live || !liveVersion) return undefined
  if (tests !== 'passed' && tests !== 'none') return undefined
  if (at === undefined || unchangedSince === undefined) return undefined
  if (Number.isNaN(at) || Number.isNaN(unchangedSince)) return undefined
  return {
    environment,
    commit: commit === 'unknown' ? undefined : commit,
    tests,
    at,
    unchangedSince,
    live: { environment: live, version: liveVersion === noVersion ? undefined : fromValue(liveVersion) },
  }
}

const noVersion = '=none'

/** Letters, digits, blanks and `_.:/+-@` may stand in a value [DG:applications-tagging-resources]; all else as `=` and two hex digits for each byte. */
function toValue(label: string): string {
  const value = label.replace(/[^\p{L}\p{N} _.:/+\-@]/gu, (character) =>
    [...new TextEncoder().encode(character)]
      .map((byte) => `=${byte.toString(16).padStart(2, '0').toUpperCase()}`)
      .join(''),
  )
  if (value.length <= longest) return value
  throw new Failure(
    `The label ${label} has too many unusual characters to be written into a tag: what was verified cannot be remembered.`,
    [{ why: 'Give versions labels of letters, digits and hyphens, for example the commit: `github.sha`.' }],
  )
}

const fromValue = (value: string): string =>
  value.replace(/(?:=[0-9A-F]{2})+/g, (bytes) =>
    new TextDecoder().decode(
      Uint8Array.from(bytes.match(/[0-9A-F]{2}/g) ?? [], (hex) => Number.parseInt(hex, 16)),
    ),
  )
