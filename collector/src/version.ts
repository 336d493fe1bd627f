import packageJson from '../package.json' with { type: 'json' };

/** Version of the collector. */
export const version: string = packageJson.version;
