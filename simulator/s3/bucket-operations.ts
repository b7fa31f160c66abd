import * as s3 from '@aws-sdk/client-s3'
import { text } from '../wire/request.ts'
import { shapeOf } from '../wire/shapes.ts'
import { element } from '../wire/xml.ts'
import { bucketOf, type S3Operation } from './call.ts'
import { s3Errors } from './errors.ts'

/** S3's XML namespace. */
export const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/'

/** The canonical user id of the account. */
const OWNER = '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be'

/** Buckets themselves. [BC:s3] */
export const bucketOperations: Readonly<Record<string, S3Operation>> = {
  CreateBucket(call) {
    const { store, bucket, cloud, request } = call
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) throw s3Errors.invalidBucketName()
    const asked = /<LocationConstraint>(.*?)<\/LocationConstraint>/.exec(
      Buffer.from(request.body).toString('utf8'),
    )
    // Only us-east-1 lets an owner create a bucket again. [BC:s3 BucketAlreadyOwnedByYou]
    if (store.has(bucket) && cloud.region !== 'us-east-1') throw s3Errors.bucketAlreadyOwnedByYou()
    store.create(bucket, asked?.[1])
    return { headers: { location: `/${bucket}` } }
  },

  ListBuckets: ({ store }) => ({
    xml: {
      shape: shapeOf(s3.ListBucketsOutput$),
      value: {
        Buckets: store.names().map((name) => ({
          Name: name,
          CreationDate: new Date(store.find(name)?.createdAt ?? 0),
        })),
        Owner: { ID: OWNER },
      },
    },
  }),

  HeadBucket: (call) => ({ headers: { 'x-amz-bucket-region': bucketOf(call).region } }),

  GetBucketLocation(call) {
    const { region } = bucketOf(call)
    // us-east-1 is shown as nothing. The element has no wrapper, unlike the model says. [BC:s3]
    const body = element('LocationConstraint', region === 'us-east-1' ? '' : region, S3_NAMESPACE)
    return { headers: { 'content-type': 'application/xml' }, body: text(body) }
  },
}
