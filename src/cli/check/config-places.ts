/** Where a config may stand, in this order, in the working folder or one above it. */
export const configPlaces = [
  'package.json',
  'convcost.config.yaml',
  'convcost.config.yml',
  'convcost.config.json',
  'convcost.config.js',
  'convcost.config.mjs',
] as const;

/** What `init` writes. */
export const defaultConfigFile = 'convcost.config.yaml';
/** Where `check --update` writes the baseline, from the config's folder. */
export const defaultBaselineFile = '.convcost/baseline.json';

/** The JSON Schema of configs, inside the package. */
export const schemaFile = 'dist/config.schema.json';
