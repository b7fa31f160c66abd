import { inflateRawSync } from 'node:zlib'

/**
 * The texts of a zip's files whose names match, by name. All at once and without a stream: whoever waits in virtual time must not
 * see time pass. Throws for bytes that are no zip.
 */
export function zipTexts(content: Uint8Array, name: RegExp): ReadonlyMap<string, string> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength)
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0) throw new Error('The bundle is no zip')
  const found = new Map<string, string>()
  let at = bytes.readUInt32LE(end + 16)
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    const [nameLength, extra, comment] = [28, 30, 32].map((offset) => bytes.readUInt16LE(at + offset))
    const file = bytes.toString('utf8', at + 46, at + 46 + (nameLength ?? 0))
    if (name.test(file)) found.set(file, textAt(bytes, at))
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return found
}

/** The text of the file with this entry in the central directory [APPNOTE.TXT, 4.3.12]. */
function textAt(bytes: Buffer, entry: number): string {
  const method = bytes.readUInt16LE(entry + 10)
  const local = bytes.readUInt32LE(entry + 42)
  const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
  const packed = bytes.subarray(from, from + bytes.readUInt32LE(entry + 20))
  return (method === 0 ? packed : inflateRawSync(packed)).toString('utf8')
}
