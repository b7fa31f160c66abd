import type { Instant } from '../deployment/ports.ts'
import { type ObjectParts, openConditionalObject, type Put } from './conditional-object.ts'
import { fromBody, type StateDocument, toBody } from './state-document.ts'

/** The document with what S3 says about it; both times of the same answer. */
export interface Found extends StateDocument {
  readonly etag: string
  readonly modified: Instant
  readonly date: Instant
}

/** The object in S3 that holds a pair's state. */
export interface StateObject {
  url(): Promise<string>
  /** Undefined when there is none. */
  read(): Promise<Found | undefined>
  /** Writes over the object with this ETag; undefined: only if there is none. */
  put(document: StateDocument, over: string | undefined): Promise<Put>
  /** S3's last Date and what has passed since; the machine's own time before there was one. */
  serverTime(): Instant
}

/** Opens the object; nothing is sent. */
export function openStateObject(parts: ObjectParts): StateObject {
  const { url, serverTime, read, put } = openConditionalObject(parts)
  return {
    url,
    serverTime,
    async read() {
      const found = await read()
      if (!found) return undefined
      const { body, ...about } = found
      return { ...fromBody(body, await url()), ...about }
    },
    put: (document, over) => put(toBody(document), over),
  }
}
