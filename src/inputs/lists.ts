import type { OptionSetting } from '../deployment/settings.ts'
import { isWrong, type Wrong, wrong } from './mistakes.ts'
import type { Parse } from './read.ts'

/** Lines of KEY=VALUE; empty lines and those that begin with `#` are left out. No value is ever in a message. */
const pairs = (text: string): readonly (readonly [string, string])[] | Wrong => {
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  const found: (readonly [string, string])[] = []
  for (const [index, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue
    const at = line.indexOf('=')
    if (at < 1) return wrong(`Line ${index + 1} is not KEY=VALUE.`, 'Write one KEY=VALUE a line.')
    const key = line.slice(0, at).trim()
    if (found.some(([earlier]) => earlier === key))
      return wrong(`The key ${key} is there twice.`, 'Leave one of them out.')
    found.push([key, line.slice(at + 1).trim()])
  }
  return found
}

/** Environment properties of the application, as option settings. */
export const environmentVariables: Parse<readonly OptionSetting[]> = (text) => {
  const found = pairs(text)
  if (isWrong(found)) return found
  const bad = found.find(([key]) => !/^[A-Za-z0-9_.:/+\\@-]{1,128}$/.test(key))
  if (bad) return wrong(`${bad[0]} is no name for an environment property.`, 'Use letters, digits and `_`.')
  return found.map(([name, value]) => ({
    namespace: 'aws:elasticbeanstalk:application:environment',
    name,
    value,
  }))
}

/** Tags: 47 at most, keys to 128 and values to 256 characters, AWS's own prefixes left alone [aws-semantics A.13]. */
export const tags: Parse<Readonly<Record<string, string>>> = (text) => {
  const found = pairs(text)
  if (isWrong(found)) return found
  if (found.length > 47) return wrong('An environment takes 47 tags at most.', 'Leave some out.')
  for (const [key, value] of found) {
    if (/^(aws|elasticbeanstalk):/i.test(key) || key === 'Name')
      return wrong(`The tag ${key} belongs to AWS.`, 'Use another key.')
    if (key.length > 128 || value.length < 1 || value.length > 256)
      return wrong(`The tag ${key.slice(0, 40)} is empty or too long.`, 'Keep to 128 and 256 characters.')
  }
  return Object.fromEntries(found)
}

/** A JSON list of option settings as AWS's own tools write them: `[{"Namespace", "OptionName", "Value"}]`. */
export const optionSettings: Parse<readonly OptionSetting[]> = (text) => {
  const list = parseJson(text)
  const example = 'Write `[{"Namespace": "aws:autoscaling:asg", "OptionName": "MinSize", "Value": "2"}]`.'
  if (!Array.isArray(list)) return wrong('It must be a JSON list.', example)
  const settings: OptionSetting[] = []
  for (const [index, entry] of list.entries()) {
    const setting = optionSetting(entry)
    if (!setting)
      return wrong(`Entry ${index + 1} is no option setting with Namespace, OptionName and Value.`, example)
    settings.push(setting)
  }
  return settings
}

function optionSetting(entry: unknown): OptionSetting | undefined {
  if (typeof entry !== 'object' || entry === null) return undefined
  const known = ['Namespace', 'OptionName', 'Value', 'ResourceName']
  if (Object.keys(entry).some((key) => !known.includes(key))) return undefined
  const { Namespace, OptionName, Value, ResourceName } = entry as Record<string, unknown>
  if (typeof Namespace !== 'string' || typeof OptionName !== 'string' || OptionName === '') return undefined
  if (!/^aws:[\w:-]+$/.test(Namespace)) return undefined
  if (!['string', 'number', 'boolean'].includes(typeof Value)) return undefined
  if (ResourceName !== undefined && typeof ResourceName !== 'string') return undefined
  const setting = { namespace: Namespace, name: OptionName, value: String(Value) }
  return ResourceName === undefined ? setting : { ...setting, resource: ResourceName }
}

/** A parser's own message would quote what stands there, which may be a secret. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Globs, one a line, 20 at most. */
export const globs: Parse<readonly string[]> = (text) => {
  const found = text.split(/\r?\n/).map((one) => one.trim())
  const patterns = found.filter((one) => one !== '')
  if (patterns.length > 20) return wrong('It takes 20 globs at most.', 'Use a wider one.')
  return patterns.some((one) => one.length > 1_000 || one.includes('\0'))
    ? wrong('A glob has 1000 characters at most.', 'Write for example `reports/**/*.xml`.')
    : patterns
}
