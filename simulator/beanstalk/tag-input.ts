import { invalid } from './errors.ts'
import type { Tags } from './region.ts'

/** A tag as calls carry it. */
export interface TagInput {
  readonly Key?: string
  readonly Value?: string
}

/** Tags of a call; AWS's own prefixes are refused. [DG:using-features.tagging] */
export function tagsFrom(tags: readonly TagInput[]): Tags {
  for (const { Key = '' } of tags) {
    if (Key.startsWith('aws:') || Key.startsWith('elasticbeanstalk:')) {
      throw invalid(`Tag key '${Key}' is invalid. 'aws:' and 'elasticbeanstalk:' are reserved prefixes.`)
    }
  }
  return new Map(tags.map(({ Key = '', Value = '' }) => [Key, Value]))
}

/** Tags as answers carry them. */
export function tagList(tags: Tags) {
  return [...tags].map(([Key, Value]) => ({ Key, Value }))
}
