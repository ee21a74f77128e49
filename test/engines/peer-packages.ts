import { createRequire } from 'node:module';

/** Where peers are looked for: they are no dependencies, and those of bench/ do. */
export const benchFolder = new URL('../../bench/', import.meta.url).pathname;

const require = createRequire(`${benchFolder}package.json`);

/** Whether `npm --prefix bench ci` has installed a package. */
export function isInstalled(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}
