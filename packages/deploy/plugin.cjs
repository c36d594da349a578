/**
 * Serverless plugin. `${glueScripts:prefix}` is where this deployment's Glue scripts are in the bucket; `deploy`
 * uploads them. The bucket belongs to ingest. A service deployed before ingest finds no bucket. Ingest's deployment
 * then uploads the same scripts, because their prefix is a hash of their contents.
 */
class GlueScripts {
  constructor(serverless, _options, { log }) {
    this.serverless = serverless;
    this.log = log;
    this.configurationVariablesSources = {
      glueScripts: {
        resolve: async ({ address }) => {
          if (address !== 'prefix')
            throw new Error(`\${glueScripts:${address}} is unknown; there is only \${glueScripts:prefix}`);
          return { value: (await this.bundle()).prefix };
        },
      },
    };
    this.hooks = {
      // Before the stack changes, so that no job names missing scripts. After it, for the stack that has the bucket.
      'before:aws:deploy:deploy:updateStack': () => this.upload({ stackExists: false }),
      'after:aws:deploy:deploy:updateStack': () => this.upload({ stackExists: true }),
    };
  }

  async bundle() {
    const { bundleScripts } = await import('./src/bundle.mjs');
    this.bundled ??= bundleScripts();
    return this.bundled;
  }

  async upload({ stackExists }) {
    if (this.uploaded) return;
    const { uploadMissing } = await import('./src/upload.mjs');
    const bucket = this.serverless.service.provider.environment.BUCKET;
    const region = this.serverless.getProvider('aws').getRegion();
    const { objects, prefix } = await this.bundle();
    this.uploaded = await uploadMissing(region, bucket, objects);
    if (this.uploaded) this.log.notice(`The Glue scripts are at s3://${bucket}/${prefix}`);
    else if (stackExists)
      this.log.notice(`There is no bucket ${bucket} yet; deploying ingest uploads the Glue scripts to ${prefix}`);
  }
}

module.exports = GlueScripts;
