import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folders that hold other people's files. */
const passedOver: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** Every file below a folder, sorted, with slashes. Links to folders are not followed: they may be circles. */
export async function findFiles(folder: string): Promise<readonly string[]> {
  const found: string[] = [];
  const walk = async (below: string): Promise<void> => {
    const entries = await readdir(join(folder, below) || '.', { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      const path = below + entry.name;
      if (!entry.isDirectory()) found.push(path);
      else if (!passedOver.has(entry.name)) await walk(`${path}/`);
    }
  };
  await walk('');
  return found.sort();
}
