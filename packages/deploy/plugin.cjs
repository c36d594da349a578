/**
 * Serverless plugin: `${glueScripts:prefix}` is where this deployment's Glue scripts lie in the bucket, and `deploy`
 * puts them there. The bucket belongs to ingest; a service deployed before it finds no bucket yet, and ingest's own
 * deployment then brings the same scripts (their path is made of their contents).
 */
class GlueScripts {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    this.configurationVariablesSources = {
      glueScripts: {
        resolve: async ({ address }) => {
          if (address !== 'prefix')
            throw new Error(`\${glueScripts:${address}} is not known; there is \${glueScripts:prefix}`);
          return { value: (await this.bundle()).prefix };
        },
      },
    };
    this.hooks = {
      'before:aws:deploy:deploy:updateStack': () => this.upload(false),
      'after:aws:deploy:deploy:updateStack': () => this.upload(true),
    };
  }

  async bundle() {
    const { bundleScripts } = await import('./src/bundle.mjs');
    this.bundled ??= bundleScripts();
    return this.bundled;
  }

  /** Uploads what is not there yet. Before the stack changes, so that no job points at nothing; after it, for the stack that makes the bucket. */
  async upload(stackIsThere) {
    if (this.uploaded) return;
    const { S3Client, HeadObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
    const bucket = this.serverless.service.custom.bucket;
    const region = this.serverless.getProvider('aws').getRegion();
    const s3 = new S3Client({ region, forcePathStyle: true });
    const { objects, prefix } = await this.bundle();
    const isThere = (Key) =>
      s3.send(new HeadObjectCommand({ Bucket: bucket, Key })).then(
        () => true,
        (error) => {
          if (error.$metadata?.httpStatusCode === 404) return false;
          throw error;
        },
      );
    try {
      for (const { key, body } of objects) {
        if (!(await isThere(key))) await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
      }
      this.uploaded = true;
      this.log.notice(`Glue scripts are at s3://${bucket}/${prefix}`);
    } catch (error) {
      if ([301, 403].includes(error.$metadata?.httpStatusCode)) {
        throw new Error(
          `the bucket ${bucket} is not yours, or not to be written by you: name your own, --param="bucket=…"`,
        );
      }
      if (error.name !== 'NoSuchBucket') throw error;
      if (stackIsThere)
        this.log.notice(`No bucket ${bucket} yet: deploying ingest will bring the Glue scripts to ${prefix}`);
    }
  }
}

module.exports = GlueScripts;
