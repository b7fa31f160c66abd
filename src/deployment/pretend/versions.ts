import type { Verification, Version, Versions } from '../ports.ts'
import type { Pretence } from './pretence.ts'

/** Application versions in the good case: what is published is processed. A package is really packed, to know its digest. */
export function pretendVersions(real: Versions, { clock, plan }: Pretence): Versions {
  const created = new Map<string, Version>()
  const verifications = new Map<string, Verification | undefined>()
  return {
    verified: async (label) =>
      verifications.has(label) ? verifications.get(label) : clock.ask(() => real.verified(label)),
    async remember(label, verification) {
      plan.note(
        `call UpdateTagsForResource: ${verification ? `version ${label} is verified` : `no verification of ${label} counts any more`}`,
      )
      verifications.set(label, verification)
    },
    read: async (label, asked) => created.get(label) ?? clock.ask(() => real.read(label, asked)),
    async open(path, label) {
      const bundle = await clock.ask(() => real.open(path, label))
      return {
        digest: bundle.digest,
        bytes: bundle.bytes,
        async upload() {
          plan.change(`call PutObject: the bundle of ${bundle.bytes} bytes, unless it is there already`)
          return { bucket: '', key: '' }
        },
        close: () => clock.ask(() => bundle.close()),
      }
    },
    async create({ label, digest }) {
      plan.change(`call CreateApplicationVersion: VersionLabel=${label}, Process=true`)
      created.set(label, { label, state: 'deployable', created: clock.now(), digest })
    },
  }
}
