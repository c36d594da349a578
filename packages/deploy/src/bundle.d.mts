/** The deployed form of glue-scripts/, see bundle.mjs. */
export function bundleScripts(): { prefix: string; objects: { key: string; body: Uint8Array }[] };
