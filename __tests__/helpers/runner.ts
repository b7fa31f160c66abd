import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import type { Toolkit } from '../../src/world.ts'
import { jwt } from './jwt.ts'

/** What a runner saw of one run of a step. */
export interface Seen {
  /** Every line of the log; groups as `▸ title`. */
  readonly log: string[]
  readonly outputs: Record<string, string>
  readonly state: Record<string, string>
  readonly annotations: {
    readonly is: 'error' | 'warning' | 'notice'
    readonly says: string
    readonly at?: Parameters<Toolkit['error']>[1]
  }[]
  readonly secrets: string[]
  summary: string
  failed: string | undefined
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string; readonly description: string }>>
  readonly outputs: Readonly<Record<string, { readonly description: string }>>
  readonly runs: { readonly using: string; readonly main: string; readonly post: string }
}

/** The action's own metadata file. */
export const actionFile: ActionFile = parse(
  readFileSync(new URL('../../action.yml', import.meta.url), 'utf8'),
)

/** The part of a runner that a step talks to: inputs with action.yml's defaults, outputs, state, log, summary. */
export function fakeToolkit(
  inputs: Readonly<Record<string, string>>,
  state: Readonly<Record<string, string>> = {},
): { toolkit: Toolkit; seen: Seen } {
  const unknown = Object.keys(inputs).filter((name) => !(name in actionFile.inputs))
  if (unknown.length > 0) throw new Error(`action.yml has no input ${unknown.join(', ')}`)
  const seen: Seen = {
    log: [],
    outputs: {},
    state: {},
    annotations: [],
    secrets: [],
    summary: '',
    failed: undefined,
  }
  const toolkit: Toolkit = {
    // An expression such as `${{ github.token }}` is the runner's to fill in: here there is no token.
    getInput: (name) => (inputs[name] ?? plain(actionFile.inputs[name]?.default ?? '')).trim(),
    setOutput: (name, value) => {
      seen.outputs[name] = value
    },
    setFailed: (message) => {
      seen.failed = message
      seen.annotations.push({ is: 'error', says: message })
    },
    saveState: (name, value) => {
      seen.state[name] = value
    },
    getState: (name) => state[name] ?? '',
    info: (message) => seen.log.push(message),
    error: (says, at) => seen.annotations.push({ is: 'error', says, ...(at && { at }) }),
    warning: (says) => seen.annotations.push({ is: 'warning', says }),
    notice: (says) => seen.annotations.push({ is: 'notice', says }),
    startGroup: (title) => seen.log.push(`▸ ${title}`),
    endGroup: () => {},
    setSecret: (secret) => seen.secrets.push(secret),
    getIDToken: async (aud) => jwt({ aud }),
    writeSummary: async (markdown) => {
      seen.summary += markdown
    },
  }
  return { toolkit, seen }
}

const plain = (text: string): string => text.replace(/\$\{\{.*?\}\}/g, '')
