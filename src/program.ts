/** What bin/ needs: the program, and the real world to run it in. */
export { run } from './cli/run.js';
export { createHost } from './io/node-host.js';
