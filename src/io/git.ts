import { spawn } from 'node:child_process';
import type { GitAnswer } from '../cli/host.js';

/** Runs git in a folder; it never asks for anything, and takes no locks. */
export const runGit = (args: readonly string[], folder = '.'): Promise<GitAnswer> =>
  new Promise((resolve, reject) => {
    const git = spawn('git', args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
      windowsHide: true,
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    git.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    git.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    git.on('error', reject);
    git.on('close', code => {
      resolve({ code: code ?? 1, stdout: Buffer.concat(stdout), stderr: String(Buffer.concat(stderr)) });
    });
  });
