import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    alias: [
      { find: /^convcost\/node$/, replacement: new URL('./src/node.ts', import.meta.url).pathname },
      { find: /^convcost$/, replacement: new URL('./src/index.ts', import.meta.url).pathname },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // Snapshots must not depend on the terminal that runs the tests.
    env: { NO_COLOR: '', FORCE_COLOR: '' },
    testTimeout: 20_000,
  },
});
