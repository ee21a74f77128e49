/** The names of all notations, in the order of their table: what help names without loading their parsers. */
export const notationNames: readonly string[] = [
  'pytorch',
  'paper-table',
  'mobilenet-v2-rows',
  'timm-blocks',
  'keras',
  'tokens',
];
