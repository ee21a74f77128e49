import { basename, relative, resolve, sep } from 'node:path';
import { lilconfig } from 'lilconfig';

/**
 * The nearest config: in a folder, else in the folders above it. It is read later, by what knows
 * the lines of its text; here only package.json is opened, to see whether it configures convcost.
 */
export async function findConfig(places: readonly string[], folder = ''): Promise<string | undefined> {
  const found = await lilconfig('convcost', {
    searchPlaces: [...places],
    // An empty config is a mistake to tell, not a reason to look further up.
    ignoreEmptySearchPlaces: false,
    loaders: Object.fromEntries(['.json', '.yaml', '.yml', '.js', '.mjs'].map(kind => [kind, look])),
  }).search(resolve(folder));
  return found === null ? undefined : relative(folder, found.filepath).replaceAll(sep, '/');
}

const look = (path: string, content: string): unknown =>
  basename(path) === 'package.json' ? parsedOrEmpty(content) : path;

/** A broken package.json is not ours to complain about. */
function parsedOrEmpty(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return {};
  }
}
