import { appendFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitCodes } from '../cli/exit-code.js';
import type { Host, Output } from '../cli/host.js';
import { reasonOf } from '../cli/system-reason.js';
import { ConvcostError } from '../errors.js';
import { openFile } from './file-byte-source.js';
import { findConfig } from './find-config.js';
import { findFiles } from './find-files.js';

/** The real world. */
export function createHost(process: NodeJS.Process): Host {
  return {
    stdout: outputOf(process.stdout, 'stdout'),
    stderr: outputOf(process.stderr, 'stderr'),
    env: process.env,
    now: () => performance.now(),
    breathe: () => new Promise(resolve => setImmediate(resolve)),
    listenForInterrupt: () => {
      let isHeard = false;
      const hear = () => {
        if (isHeard) process.exit(130);
        isHeard = true;
      };
      process.on('SIGINT', hear);
      return { isHeard: () => isHeard, stop: () => process.off('SIGINT', hear) };
    },
    exists: async path =>
      stat(path).then(
        found => found.isFile(),
        () => false,
      ),
    listFiles: async () =>
      (await readdir('.', { withFileTypes: true })).filter(entry => entry.isFile()).map(({ name }) => name),
    openFile: async path => openFile(path),
    readBytes: path => readFile(path),
    readStdin: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks);
    },
    writeFile,
    makeFolder,
    appendFile,
    findFiles,
    findConfig: places => findConfig(places),
    importModule: async path => ((await import(pathToFileURL(path).href)) as { default?: unknown }).default,
    // Lazily: it brings node:child_process.
    git: async args => (await import('./git.js')).runGit(args),
  };
}

function outputOf(stream: NodeJS.WriteStream, name: string): Output {
  const fail = (error: NodeJS.ErrnoException): void => {
    // A reader that has seen enough (`| head -1`) closes the pipe: no error, and nothing more to do.
    if (error.code === 'EPIPE') process.exit(0);
    const { message } = new ConvcostError('cannot-write', { path: name, reason: reasonOf(error) });
    if (name === 'stdout') process.stderr.write(`error: ${message}\n`);
    process.exit(exitCodes.usage);
  };
  stream.on('error', fail);
  return {
    write: text => {
      try {
        stream.write(text);
      } catch (error) {
        fail(error as NodeJS.ErrnoException);
      }
    },
    isTerminal: stream.isTTY === true,
    width: stream.isTTY ? stream.columns : undefined,
  };
}

/** A folder and those above it. Node's own `recursive` never comes back where a file system refuses (/proc). */
async function makeFolder(path: string): Promise<void> {
  const make = () =>
    mkdir(path).catch((error: NodeJS.ErrnoException) =>
      error.code === 'EEXIST' ? undefined : Promise.reject(error),
    );
  try {
    await make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    await makeFolder(dirname(path));
    await make();
  }
}
