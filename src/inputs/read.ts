import type { Toolkit } from '../world.ts'
import { defaults, type InputName } from './defaults.ts'
import { isWrong, type Mistake, type Wrong } from './mistakes.ts'

/** Turns an input's text into its value, or says what is wrong with it. */
export type Parse<T> = (text: string) => T | Wrong

/** Reads inputs and gathers what is wrong with them. */
export interface Reader {
  /** An input that has a default. After a mistake: the default's value, so that reading goes on. */
  read<T>(name: InputName, parse: Parse<T>): T
  /** An input that may be left out. */
  optional<T>(name: InputName, parse: Parse<T>): T | undefined
  /** An input that must be there. */
  required(name: InputName, parse: Parse<string>): string
  /** Notes a mistake that no parser of one input can see. */
  note(mistake: Mistake): void
  readonly mistakes: readonly Mistake[]
}

/** Values that are never shown: they may be secrets. */
const secret: ReadonlySet<string> = new Set<InputName>([
  'option-settings',
  'environment-variables',
  'github-token',
])

/** A reader of the runner's inputs. */
export function reader(toolkit: Pick<Toolkit, 'getInput'>): Reader {
  const mistakes: Mistake[] = []
  const textOf = (name: InputName) => toolkit.getInput(name).trim()
  const note = (mistake: Mistake) => {
    mistakes.push(mistake)
  }
  const parsed = <T>(name: InputName, text: string, parse: Parse<T>): T | undefined => {
    const value = parse(text)
    if (!isWrong(value)) return value
    note({ input: name, value: secret.has(name) ? undefined : text, rule: value.rule, fix: value.fix })
    return undefined
  }
  return {
    mistakes,
    note,
    read: (name, parse) =>
      parsed(name, textOf(name) || defaults[name], parse) ??
      (parse(defaults[name]) as Exclude<ReturnType<typeof parse>, Wrong>),
    optional: (name, parse) => {
      const text = textOf(name)
      return text === '' ? undefined : parsed(name, text, parse)
    },
    required: (name, parse) => {
      const text = textOf(name)
      if (text !== '') return parsed(name, text, parse) ?? ''
      note({ input: name, value: undefined, rule: 'It is required, and empty.', fix: `Give \`${name}\`.` })
      return ''
    },
  }
}
