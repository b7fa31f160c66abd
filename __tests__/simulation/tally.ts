/** A fault, or somebody's meddling, that struck, and the stage that it struck. */
export interface AnyFault {
  readonly kind: string
  readonly stage: string
}
