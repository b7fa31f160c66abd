import { parseArgs } from 'node:util'
import { type Act, acts } from './acts.ts'

/** Which acts are to be played, or what there is to say instead. */
export type Wanted = { readonly acts: readonly Act[] } | { readonly says: string; readonly exitCode: 0 | 2 }

/** `--act NAME` for one of them, again for more; `--list` for their names; all of them without any. */
export function parseWanted(given: readonly string[]): Wanted {
  try {
    const { values } = parseArgs({
      args: [...given],
      options: {
        act: { type: 'string', multiple: true },
        list: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) return { says: `${usage}\n\n${list}`, exitCode: 0 }
    if (values.list) return { says: list, exitCode: 0 }
    const unknown = values.act?.find((name) => !acts.some((act) => act.name === name))
    if (unknown !== undefined) return { says: `There is no act ${unknown}. There are:\n${list}`, exitCode: 2 }
    return { acts: values.act ? acts.filter(({ name }) => values.act?.includes(name)) : acts }
  } catch (error) {
    return { says: `${error instanceof Error ? error.message : error}\n${usage}`, exitCode: 2 }
  }
}

const usage =
  'npm start                    every act\nnpm start -- --act NAME      one of them (again for more)\nnpm start -- --list          their names'

const width = Math.max(...acts.map(({ name }) => name.length))
const list = acts.map(({ name, title }) => `${name.padEnd(width)}  ${title}`).join('\n')
