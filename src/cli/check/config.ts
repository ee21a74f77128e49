import { ConvcostError, type Place } from '../../errors.js';
import type { Path } from '../../spec/form.js';
import type { Host } from '../host.js';
import { readFile } from '../load.js';
import { configPlaces } from './config-places.js';
import { dirname, join } from './paths.js';
import type { ConfigBudget } from './read-budgets.js';

/** A config, read and checked. */
export interface Config {
  /** As it was found or named, from the working folder. */
  readonly path: string;
  /** Its folder, which paths in it start from: empty, or with a slash at the end. */
  readonly folder: string;
  readonly baseline: string | undefined;
  readonly budgets: readonly ConfigBudget[];
}

/** What a config holds, before it is checked, and where each part of it stands. */
export interface ConfigSource {
  readonly content: unknown;
  place(path: Path, what?: 'key' | 'value'): Place;
}

/**
 * The config that is named, else the nearest one.
 *
 * @throws ConvcostError with file, line and column where it is wrong
 */
export async function loadConfig(host: Host, named: string | undefined): Promise<Config | undefined> {
  const path = named ?? (await host.findConfig(configPlaces));
  return path === undefined ? undefined : readConfig(path, host);
}

/** @throws ConvcostError with file, line and column */
export async function readConfig(path: string, host: Host): Promise<Config> {
  const source = await readSource(path, host);
  const { readBudgets } = await import('./read-budgets.js');
  return { path, folder: dirname(path), ...readBudgets(source, path) };
}

async function readSource(path: string, host: Host): Promise<ConfigSource> {
  if (/\.[cm]?js$/.test(path)) return moduleSource(path, host);
  const [bytes, { parseYaml }] = await Promise.all([
    readFile(path, host),
    import('../../spec/yaml-source.js'),
  ]);
  const source = parseYaml(new TextDecoder().decode(bytes), path);
  if (!/(^|\/)package\.json$/.test(path)) return source;
  const { convcost } = source.content as { convcost?: unknown };
  return { content: convcost, place: (at, what) => source.place(['convcost', ...at], what) };
}

/** A config that is a program: what it exports by default. It has no lines to point at. */
async function moduleSource(path: string, host: Host): Promise<ConfigSource> {
  const content = await host.importModule(path).catch((error: unknown) => {
    throw new ConvcostError('broken-config', {
      path,
      reason: error instanceof Error ? error.message : String(error),
    });
  });
  return { content, place: () => ({ kind: 'file', file: path, line: 1, column: 1 }) };
}

/** A path of the config, as the host reads it. */
export const fromConfig = (config: Config | undefined, path: string): string =>
  join(config?.folder ?? '', path);
