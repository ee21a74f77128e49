import { Option } from 'commander';
import { conventionNames, ours } from '../cost/conventions/index.js';

/** As which tool macs are counted. */
export const conventionOption = (): Option =>
  new Option('--convention <name>', 'count as another tool does').choices(conventionNames).default(ours.name);
