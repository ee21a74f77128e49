import type { Budget } from '../../budget/budget.js';
import type { Candidate, Missed } from '../../budget/check.js';
import { globRoot, isGlob, matchesPath } from '../../budget/pattern.js';
import { countNetwork } from '../../cost/count.js';
import { ConvcostError, type ErrorCode } from '../../errors.js';
import { beginsWithToken } from '../../spec/tokens.js';
import { isZooName } from '../../zoo/prefix.js';
import type { Host } from '../host.js';
import { type LoadOptions, loadNetwork } from '../load.js';
import { type Source, sortSources, sourceName } from '../sources.js';
import { inBatches } from './batches.js';
import type { Config } from './config.js';
import { join, normalise } from './paths.js';

/** A network that budgets name, not yet read. */
export interface Entry {
  readonly key: string;
  readonly source: Source;
  readonly options: LoadOptions;
  readonly budgets: readonly Budget[];
}

export interface Entries {
  readonly entries: readonly Entry[];
  readonly missed: readonly Missed[];
}

/** Every network that a config names: files, globs of files, zoo names and tokens, each once. */
export async function configEntries(config: Config, host: Host): Promise<Entries> {
  const entries = new EntryList();
  const missed: Missed[] = [];
  for (const { budget, models, options } of config.budgets) {
    const { name: title, level, place } = budget;
    for (const model of models) {
      const names = await namesOf(model, config.folder, host);
      if (names.length === 0) missed.push({ budget: title, what: model, kind: 'model', level, place });
      for (const name of names) {
        entries.add(name, await sourceOf(name, config.folder, host), options, [budget]);
      }
    }
  }
  return { entries: entries.all, missed };
}

/** Entries by their key: one that is named twice has the budgets of both. */
class EntryList {
  readonly #entries = new Map<string, Entry>();

  get all(): readonly Entry[] {
    return [...this.#entries.values()];
  }

  add(name: string, source: Source, options: LoadOptions, budgets: readonly Budget[]): void {
    const key = keyOf(name, options);
    const known = this.#entries.get(key)?.budgets ?? [];
    this.#entries.set(key, { key, source, options, budgets: [...new Set([...known, ...budgets])] });
  }
}

/** What one word of a config stands for: itself, or the files that it matches. */
async function namesOf(model: string, folder: string, host: Host): Promise<readonly string[]> {
  if (!isFile(model)) return [model];
  const path = normalise(model);
  if (await host.exists(join(folder, path))) return [path];
  if (!isGlob(path)) return [];
  const root = globRoot(path);
  const files = await host.findFiles(join(folder, root));
  return files.map(file => root + file).filter(file => matchesPath(path, file));
}

/** Zoo names have a prefix, tokens blanks and a layer kind; all else are files. */
const isFile = (model: string): boolean =>
  !isZooName(model) && !(/\s/.test(model.trim()) && beginsWithToken(model));

async function sourceOf(name: string, folder: string, host: Host): Promise<Source> {
  if (isFile(name)) return { kind: 'file', path: join(folder, name) };
  const [source] = await sortSources([name], host, []);
  return source!;
}

/** How reports and the baseline call a network: its path from the config, and the input where one is set. */
function keyOf(name: string, { input = [], batch }: LoadOptions): string {
  const details = [...input, ...(batch === undefined ? [] : [`batch ${batch}`])];
  return details.length === 0 ? name : `${name} (${details.join(', ')})`;
}

/**
 * Networks that the command line names in place of the config's. Each is held against the budgets that name
 * it; one that none names, against the limits of the command line, or else against all budgets.
 */
export function namedEntries(
  sources: readonly Source[],
  config: Config | undefined,
  { input, batch, from, loose, max }: LoadOptions & { readonly max?: readonly string[] },
): readonly Entry[] {
  const entries = new EntryList();
  const given = defined({ input, batch, from, loose });
  const all = config?.budgets ?? [];
  for (const source of sources) {
    const name = normalise(relativeTo(config?.folder ?? '', sourceName(source)));
    const naming = all.filter(({ models }) => models.some(model => names(model, name)));
    // What a budget states of the input holds where the command line states nothing.
    for (const { budget, options } of naming) entries.add(name, source, { ...options, ...given }, [budget]);
    if (naming.length === 0) entries.add(name, source, given, max ? [] : all.map(({ budget }) => budget));
  }
  return entries.all;
}

const defined = <T extends object>(fields: T): { [Key in keyof T]?: Exclude<T[Key], undefined> } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;

const names = (model: string, name: string): boolean =>
  isFile(model) ? matchesPath(normalise(model), name) : model === name;

const relativeTo = (folder: string, path: string): string =>
  folder !== '' && path.startsWith(folder) ? path.slice(folder.length) : path;

/** Reads the networks. The first that cannot be read, in their order, is the error that is told. */
export const loadEntries = (entries: readonly Entry[], host: Host): Promise<readonly Candidate[]> =>
  inBatches(entries, entry => loadEntry(entry, host));

/** @throws ConvcostError that names the network, or the place in its text */
export async function loadEntry(entry: Entry, host: Host): Promise<Candidate> {
  const { key, source, options, budgets } = entry;
  try {
    return { key, cost: countNetwork(await loadNetwork(source, host, options)), budgets };
  } catch (error) {
    throw error instanceof ConvcostError ? namingModel(error, entry) : error;
  }
}

/** Errors that say themselves which file they are about. */
const namesFile: readonly ErrorCode[] = ['lfs-pointer', 'cannot-read'];

/** Of many models one is wrong: which, and the line of the config that names it. */
function namingModel(error: ConvcostError, { key, budgets }: Entry): ConvcostError {
  if (error.place || namesFile.includes(error.code)) return error;
  const layer = error.layer === undefined ? '' : `layer ${error.layer}: `;
  return new ConvcostError(
    'cannot-check',
    { model: key, reason: layer + error.message },
    budgets.find(({ place }) => place)?.place,
  );
}
