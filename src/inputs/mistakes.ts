import { Failure } from '../deployment/errors.ts'

/** One thing that is wrong with the inputs. */
export interface Mistake {
  readonly input: string
  /** What was given, as far as it may be shown. */
  readonly value: string | undefined
  /** What holds for this input, and is broken. */
  readonly rule: string
  readonly fix: string
}

/** What a value breaks; what a parser answers instead of throwing, so that all mistakes come together. */
export interface Wrong {
  readonly wrong: true
  readonly rule: string
  readonly fix: string
}

/** Makes a Wrong. */
export const wrong = (rule: string, fix: string): Wrong => ({ wrong: true, rule, fix })

/** Did the parser find the value wrong? */
export const isWrong = (parsed: unknown): parsed is Wrong =>
  typeof parsed === 'object' && parsed !== null && 'wrong' in parsed

/** All mistakes in the inputs, in one message. A mistake of the user's: no stack is shown. */
export class InputMistakes extends Failure {
  readonly mistakes: readonly Mistake[]
  constructor(mistakes: readonly Mistake[]) {
    const [first] = mistakes
    super(
      first && mistakes.length === 1
        ? `An input is wrong. ${lineOf(first)}`
        : `${mistakes.length} inputs are wrong.\n${mistakes.map((one) => `- ${lineOf(one)}`).join('\n')}`,
    )
    this.name = 'InputMistakes'
    this.mistakes = mistakes
  }
}

const lineOf = ({ input, value, rule, fix }: Mistake): string =>
  `\`${input}\`${value === undefined ? '' : ` is "${short(value)}"`}: ${rule} ${fix}`

const short = (value: string): string => {
  const line = value.replace(/\s+/g, ' ')
  return line.length <= 80 ? line : `${line.slice(0, 79)}…`
}
