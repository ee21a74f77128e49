/** The whole outside world, as the CLI sees it. bin/ passes the real one, tests a fake. */
export interface Host {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds from a fixed moment, for timing. */
  now(): number;
  exists(path: string): Promise<boolean>;
  /** Names of the files in the working folder, for suggestions. */
  listFiles(): Promise<readonly string[]>;
  readBytes(path: string): Promise<Uint8Array>;
  readStdin(): Promise<Uint8Array>;
  writeFile(path: string, content: string | Uint8Array): Promise<void>;
}

export interface Output {
  write(text: string): void;
  readonly isTerminal: boolean;
  /** Columns of the terminal; undefined where output is never cut: pipes and files. */
  readonly width: number | undefined;
}
