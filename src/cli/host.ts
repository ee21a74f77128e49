import type { ByteSource } from '../formats/byte-source.js';

/** The whole outside world, as the CLI sees it. bin/ passes the real one, tests a fake. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from a fixed moment, for timing. */
  now(): number;
  /** Lets the runtime hear what happened meanwhile, an interrupt for one. */
  breathe(): Promise<void>;
  /** From now on Ctrl-C does not end the program, but is heard; a second one ends it. */
  listenForInterrupt(): Interrupt;
  exists(path: string): Promise<boolean>;
  /** Names of the files in the working folder, for suggestions. */
  listFiles(): Promise<readonly string[]>;
  readBytes(path: string): Promise<Uint8Array>;
  /** Opens a file for random access; what is not asked for is not read. */
  openFile(path: string): Promise<OpenFile>;
  readStdin(): Promise<Uint8Array>;
  /** Into a folder that is there: a folder that a user mistyped is not made. */
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
  makeFolder(path: string): Promise<void>;
  appendFile(path: string, text: string): Promise<void>;
  /** Every file below a folder, with its path from there; without node_modules and .git. */
  findFiles(folder: string): Promise<readonly string[]>;
  /** The nearest of these files, here or in a folder above; of package.json, one that configures convcost. */
  findConfig(places: readonly string[]): Promise<string | undefined>;
  /** What a JavaScript file exports by default. */
  importModule(path: string): Promise<unknown>;
  /** Runs git in the working folder. Rejects with ENOENT where there is no git. */
  git(args: readonly string[]): Promise<GitAnswer>;
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: string;
}

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined where output is never cut: pipes and files. */
  readonly width: number | undefined;
}

export interface Interrupt {
  isHeard(): boolean;
  /** Back to what Ctrl-C does otherwise. */
  stop(): void;
}

export interface OpenFile extends ByteSource {
  close(): void;
}
