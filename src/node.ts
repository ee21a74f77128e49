/** convcost with files: what `convcost` exports, and what needs Node. */
import { readFile } from 'node:fs/promises';
import type { Network } from './model/network.js';
import { buildNetwork } from './spec/build.js';
import { parseSpecFile } from './spec/file.js';

export * from './index.js';

/**
 * Reads a spec file (YAML or JSON) into a network.
 *
 * @throws ConvcostError with file, line and column
 */
export async function loadNetwork(path: string): Promise<Network> {
  const spec = parseSpecFile(await readFile(path, 'utf8'), path);
  return buildNetwork(spec, { name: path, source: path, format: 'spec' });
}
