import { type Baseline, baselineOf, parseBaseline } from '../../budget/baseline.js';
import type { Candidate } from '../../budget/check.js';
import { snapshotOf } from '../../budget/snapshot.js';
import { ConvcostError } from '../../errors.js';
import type { Host } from '../host.js';
import { readFile } from '../load.js';
import type { Source } from '../sources.js';
import { inBatches } from './batches.js';
import { hostAt } from './commit.js';
import { type Config, fromConfig, readConfig } from './config.js';
import { defaultBaselineFile } from './config-places.js';
import { configEntries, type Entries, type Entry, loadEntry } from './models.js';

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
  /** Whether the baseline is to be written, and whether its old numbers matter then. */
  readonly update: 'no' | 'anew' | 'only-down';
}

/**
 * `--baseline` goes before the config's; without either, the committed file where there is one.
 *
 * @throws ConvcostError `no-baseline`, `bad-baseline`, and what `hostAt` throws
 */
export async function resolveBaseline(question: Question): Promise<Baselines> {
  const { config, named, update } = question;
  const asked = named ?? config?.baseline;
  const isCommit = asked?.startsWith('git:') ?? false;
  const file = isCommit || asked === undefined ? committedFile(config) : (named ?? fromConfig(config, asked));
  const { baseline, notes } = await readBaseline(file, question);
  if (isCommit) {
    const then = await commitBaseline(asked!.slice('git:'.length), question);
    return { ...then, accepted: baseline, file, notes: [...then.notes, ...notes] };
  }
  const isMissing = !baseline && update === 'no';
  if (isMissing && named !== undefined) throw new ConvcostError('no-baseline', { path: file });
  const hint = `There is no baseline ${file} yet: 'convcost check --update' writes it.`;
  return {
    baseline,
    accepted: undefined,
    file,
    notes: isMissing && wantsBaseline(config) ? [...notes, hint] : notes,
  };
}

/** Where accepted numbers are kept, unless the config names another file. */
const committedFile = (config: Config | undefined): string =>
  fromConfig(
    config,
    config?.baseline === undefined || config.baseline.startsWith('git:')
      ? defaultBaselineFile
      : config.baseline,
  );

/** Whether a budget says in so many words how much may grow. */
const wantsBaseline = (config: Config | undefined): boolean =>
  config?.baseline !== undefined || (config?.budgets ?? []).some(({ statesGrowth }) => statesGrowth);

/** A file that is broken, by a conflict perhaps, is no reason not to write it anew. */
async function readBaseline(
  path: string,
  { host, update }: Question,
): Promise<{ baseline: Baseline | undefined; notes: readonly string[] }> {
  if (!(await host.exists(path))) return { baseline: undefined, notes: [] };
  const text = new TextDecoder().decode(await readFile(path, host));
  try {
    return { baseline: parseBaseline(text, path), notes: [] };
  } catch (error) {
    if (update !== 'anew' || !(error instanceof ConvcostError)) throw error;
    return { baseline: undefined, notes: [`${path} could not be read, and is written anew.`] };
  }
}

/** Counts the networks as a commit has them, named by the config as that commit has it. */
async function commitBaseline(
  ref: string,
  { host, config, entries, sources }: Question,
): Promise<{ baseline: Baseline; notes: readonly string[] }> {
  const then = await hostAt(host, ref);
  const notes: string[] = [];
  const named = sources.length > 0 ? entries : await entriesAt(ref, then, config, entries, notes);
  const loaded = await inBatches(named.entries, entry => loadOld(entry, ref, then));
  const models = loaded.flatMap(({ candidate }) => candidate ?? []);
  return {
    baseline: baselineOf(
      `git:${ref}`,
      models.map(({ key, cost }) => ({ key, snapshot: snapshotOf(cost, 'costly') })),
      true,
    ),
    notes: [...notes, ...loaded.flatMap(({ note }) => note ?? [])],
  };
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

/** A model that was broken then is new now; what stdin held nobody knows. */
async function loadOld(
  entry: Entry,
  ref: string,
  then: Host,
): Promise<{ readonly candidate?: Candidate; readonly note?: string }> {
  const { source, key } = entry;
  if (source.kind === 'stdin' || (source.kind === 'file' && !(await then.exists(source.path)))) return {};
  try {
    return { candidate: await loadEntry(entry, then) };
  } catch (error) {
    if (!(error instanceof ConvcostError) || error.code === 'lfs-pointer') throw error;
    return { note: `${key} at ${ref} cannot be read and counts as new: ${error.message}` };
  }
}
