import { statSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Host } from '../src/cli/host.js';
import { run } from '../src/cli/run.js';
import { sourceFromBytes } from '../src/formats/index.js';
import { openFile } from '../src/io/file-byte-source.js';
import { findConfig } from '../src/io/find-config.js';
import { findFiles } from '../src/io/find-files.js';
import { runGit } from '../src/io/git.js';

export interface FakeWorld {
  /** Files by path; what is not here is read from the checkout. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Ctrl-C once the clock shows more than this. */
  readonly interruptAt?: number;
  /** A terminal of so many columns; absent: a pipe. */
  readonly width?: number;
  /** A folder of the disk that the program runs in, with its git repository; absent: the checkout, without git. */
  readonly folder?: string;
}

export interface FakeRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly written: ReadonlyMap<string, string | Uint8Array>;
}

const bytes = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const filesBelow = (paths: readonly string[], folder: string): readonly string[] =>
  paths.filter(path => path.startsWith(folder)).map(path => path.slice(folder.length).replace(/^\//, ''));

const noGit = Object.assign(new Error('spawn git ENOENT'), { code: 'ENOENT' });

/** Runs the CLI in a world of its own: the clock ticks one millisecond a look. */
export async function convcost(args: readonly string[], world: FakeWorld = {}): Promise<FakeRun> {
  const { files = {}, stdin = '', env = {}, width, folder, interruptAt = Number.POSITIVE_INFINITY } = world;
  const onDisk = (path: string) => resolve(folder ?? '', path);
  const written = new Map<string, string | Uint8Array>();
  let stdout = '';
  let stderr = '';
  let clock = 0;
  // A world with files of its own has no others that could be found by chance.
  const readsDisk = folder !== undefined || Object.keys(files).length === 0;
  const terminal = { isTerminal: width !== undefined, width };
  const host: Host = {
    stdout: {
      ...terminal,
      write: text => {
        stdout += text;
      },
    },
    stderr: {
      ...terminal,
      write: text => {
        stderr += text;
      },
    },
    env,
    now: () => ++clock,
    breathe: async () => {},
    listenForInterrupt: () => ({ isHeard: () => clock > interruptAt, stop: () => {} }),
    exists: async path => Object.hasOwn(files, path) || (readsDisk && isFile(onDisk(path))),
    listFiles: () => readdir(onDisk('.')),
    findFiles: async below => [
      ...filesBelow(Object.keys(files), below),
      ...(readsDisk ? await findFiles(onDisk(below)) : []),
    ],
    findConfig: async places =>
      places.find(place => place !== 'package.json' && Object.hasOwn(files, place)) ??
      (folder === undefined ? undefined : findConfig(places, folder)),
    importModule: async path =>
      ((await import(pathToFileURL(onDisk(path)).href)) as { default: unknown }).default,
    git: args => (folder === undefined ? Promise.reject(noGit) : runGit(args, folder)),
    openFile: async path =>
      Object.hasOwn(files, path)
        ? { ...sourceFromBytes(bytes(files[path]!)), close: () => {} }
        : openFile(onDisk(path)),
    readBytes: async path => (Object.hasOwn(files, path) ? bytes(files[path]!) : readFile(onDisk(path))),
    readStdin: async () => bytes(stdin),
    writeFile: async (path, content) => {
      written.set(path, content);
      if (folder !== undefined) await writeFile(onDisk(path), content);
    },
    makeFolder: async path => {
      if (folder !== undefined) await mkdir(onDisk(path), { recursive: true });
    },
    appendFile: async (path, text) => {
      written.set(path, `${written.get(path) ?? ''}${text}`);
    },
  };
  const code = await run(args, host);
  return { code, stdout, stderr, written };
}

/** Splits a command line as a shell would, as far as the examples need it: blanks and single or double quotes. */
export const splitCommand = (line: string): string[] =>
  Array.from(
    line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g),
    ([, single, double, bare]) => single ?? double ?? bare ?? '',
  );
