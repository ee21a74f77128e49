import { readdir, readFile } from 'node:fs/promises';
import type { Host } from '../src/cli/host.js';
import { run } from '../src/cli/run.js';
import { sourceFromBytes } from '../src/formats/index.js';
import { openFile } from '../src/io/file-byte-source.js';

export interface FakeWorld {
  /** Files by path; what is not here is read from the checkout. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Ctrl-C once the clock shows more than this. */
  readonly interruptAt?: number;
  /** A terminal of so many columns; absent: a pipe. */
  readonly width?: number;
}

export interface FakeRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly written: ReadonlyMap<string, string | Uint8Array>;
}

const bytes = (content: string | Uint8Array): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** Runs the CLI in a world of its own: the clock ticks one millisecond a look. */
export async function convcost(args: readonly string[], world: FakeWorld = {}): Promise<FakeRun> {
  const { files = {}, stdin = '', env = {}, width, interruptAt = Number.POSITIVE_INFINITY } = world;
  const written = new Map<string, string | Uint8Array>();
  let stdout = '';
  let stderr = '';
  let clock = 0;
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
    exists: async path => Object.hasOwn(files, path),
    listFiles: () => readdir('.'),
    openFile: async path =>
      Object.hasOwn(files, path)
        ? { ...sourceFromBytes(bytes(files[path]!)), close: () => {} }
        : openFile(path),
    readBytes: async path => (Object.hasOwn(files, path) ? bytes(files[path]!) : readFile(path)),
    readStdin: async () => bytes(stdin),
    writeFile: async (path, content) => {
      written.set(path, content);
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
