// What the start of the bundle is measured against: one SDK client, unbundled, that makes the same first call.
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'

await new STSClient({}).send(new GetCallerIdentityCommand({}))
