import { buffer } from 'node:stream/consumers'
import { ZipFile } from 'yazl'
import type { Machine, Region } from './region.ts'

/** The last 100 lines of the log files that matter most, in one text. [DG:using-features.logging] */
export async function tailedLogs(region: Region, machine: Machine): Promise<Uint8Array> {
  const parts = filesOf(region, machine).map(({ path, lines }) =>
    ['-'.repeat(40), `/${path}`, '-'.repeat(40), ...lines.slice(-100), '', ''].join('\n'),
  )
  return new TextEncoder().encode(parts.join('\n'))
}

/** The whole log files, in a zip. [DG:using-features.logging] */
export function bundledLogs(region: Region, machine: Machine): Promise<Uint8Array> {
  const zip = new ZipFile()
  for (const { path, lines } of filesOf(region, machine)) {
    const mtime = new Date(region.cloud.clock.now())
    zip.addBuffer(Buffer.from(`${lines.join('\n')}\n`), path, { compress: false, mtime })
  }
  zip.end()
  return buffer(zip.outputStream)
}

interface LogFile {
  /** Without the slash at its beginning. */
  readonly path: string
  readonly lines: readonly string[]
}

/** What a Linux platform writes there; the application's own output as it wrote it, without syslog's prefix. */
function filesOf({ dataPlane }: Region, machine: Machine): readonly LogFile[] {
  return [
    { path: 'var/log/eb-engine.log', lines: engineLines(machine) },
    { path: 'var/log/web.stdout.log', lines: dataPlane.log(machine.id).split('\n') },
  ]
}

function engineLines({ version, deployment: { at, status } }: Machine): readonly string[] {
  const time = new Date(at).toISOString().replaceAll('-', '/').replace('T', ' ').replace('Z', '000')
  const begun = `${time} [INFO] Executing instruction: StageApplication (version ${version ?? 'none'})`
  switch (status) {
    case 'In Progress':
      return [begun]
    case 'Deployed':
      return [begun, `${time} [INFO] Engine execution has completed successfully.`]
    case 'Failed':
      return [
        begun,
        `${time} [ERROR] An error occurred during execution of command [app-deploy] - [Start Application]. Stop running the command.`,
        `${time} [INFO] Engine execution has encountered an error.`,
      ]
  }
}
