import { type Baseline, baselineOf, parseBaseline } from '../../budget/baseline.js';
import { snapshotOf } from '../../budget/snapshot.js';
import { ConvcostError } from '../../errors.js';
import type { Host } from '../host.js';
import { readFile } from '../load.js';
import type { Source } from '../sources.js';
import { hostAt } from './commit.js';
import { type Config, fromConfig, readConfig } from './config.js';
import { defaultBaselineFile } from './config-places.js';
import { configEntries, type Entries, type Entry, loadEntries } from './models.js';

/** What to compare with, and where an update is written. */
export interface Baselines {
  readonly baseline: Baseline | undefined;
  /** Numbers that the team accepted although the commit has others. */
  readonly accepted: Baseline | undefined;
  /** The committed file, whether it is there or not. */
  readonly file: string;
  readonly notes: readonly string[];
}

interface Question {
  readonly host: Host;
  readonly config: Config | undefined;
  /** `--baseline`, where it is given. */
  readonly named: string | undefined;
  /** What is checked now. */
  readonly entries: Entries;
  /** Sources of the command line, in place of the config's. */
  readonly sources: readonly Source[];
  readonly isUpdate: boolean;
}

/**
 * `--baseline` goes before the config's; without either, the committed file where there is one.
 *
 * @throws ConvcostError `no-baseline`, `bad-baseline`, and what `hostAt` throws
 */
export async function resolveBaseline(question: Question): Promise<Baselines> {
  const { host, config, named, isUpdate } = question;
  const written = named ?? (config?.baseline?.startsWith('git:') ? config.baseline : undefined);
  const own = config?.baseline?.startsWith('git:') ? undefined : config?.baseline;
  if (written?.startsWith('git:')) {
    const file = fromConfig(config, own ?? defaultBaselineFile);
    const { baseline, notes } = await commitBaseline(written.slice('git:'.length), question);
    return { baseline, accepted: await readBaseline(file, host), file, notes };
  }
  const file = written ?? fromConfig(config, own ?? defaultBaselineFile);
  const baseline = await readBaseline(file, host);
  if (!baseline && named !== undefined && !isUpdate) throw new ConvcostError('no-baseline', { path: file });
  const notes =
    !baseline && wantsBaseline(config) && !isUpdate
      ? [`There is no baseline ${file} yet: 'convcost check --update' writes it.`]
      : [];
  return { baseline, accepted: undefined, file, notes };
}

/** Whether a budget says in so many words how much may grow. */
const wantsBaseline = (config: Config | undefined): boolean =>
  config?.baseline !== undefined || (config?.budgets ?? []).some(({ statesGrowth }) => statesGrowth);

async function readBaseline(path: string, host: Host): Promise<Baseline | undefined> {
  if (!(await host.exists(path))) return undefined;
  return parseBaseline(new TextDecoder().decode(await readFile(path, host)), path);
}

/** Counts the networks as a commit has them, named by the config as that commit has it. */
async function commitBaseline(
  ref: string,
  { host, config, entries, sources }: Question,
): Promise<{ baseline: Baseline; notes: readonly string[] }> {
  const then = await hostAt(host, ref);
  const notes: string[] = [];
  const named = sources.length > 0 ? entries : await entriesAt(ref, then, config, entries, notes);
  const models = [];
  for (const entry of named.entries) {
    const { source } = entry;
    // What stdin held at that time nobody knows.
    if (source.kind === 'stdin' || (source.kind === 'file' && !(await then.exists(source.path)))) continue;
    const [candidate] = (await loadOld(entry, ref, then, notes)) ?? [];
    if (candidate) models.push({ key: candidate.key, snapshot: snapshotOf(candidate.cost, 'costly') });
  }
  return { baseline: baselineOf(`git:${ref}`, models, true), notes };
}

/** The config of the commit; where it has none that can be read, today's. */
async function entriesAt(
  ref: string,
  then: Host,
  config: Config | undefined,
  today: Entries,
  notes: string[],
): Promise<Entries> {
  if (!config || !(await then.exists(config.path)) || /\.[cm]?js$/.test(config.path)) {
    return config ? configEntries(config, then) : today;
  }
  try {
    return await configEntries(await readConfig(config.path, then), then);
  } catch (error) {
    if (!(error instanceof ConvcostError) || error.code === 'lfs-pointer') throw error;
    notes.push(`The config at ${ref} cannot be read (${error.message}) Today's stands in for it.`);
    return configEntries(config, then);
  }
}

/** A model that was broken then is new now. */
async function loadOld(entry: Entry, ref: string, then: Host, notes: string[]) {
  try {
    return await loadEntries([entry], then);
  } catch (error) {
    if (!(error instanceof ConvcostError) || error.code === 'lfs-pointer') throw error;
    notes.push(`${entry.key} at ${ref} cannot be read and counts as new: ${error.message}`);
    return undefined;
  }
}
