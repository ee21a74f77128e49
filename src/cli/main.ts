/** What bin/ needs. */
export { createHost } from '../io/node-host.js';
export { run } from './run.js';
