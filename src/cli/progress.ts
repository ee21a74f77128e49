import type { Output } from './host.js';

/** A line that tells how far a long job is; on a terminal only, and gone when the job is done. */
export interface Progress {
  update(done: number, total: number): void;
  done(): void;
}

const barWidth = 24;
/** Jobs that end sooner show nothing. */
const patienceMs = 400;

export function createProgress(output: Output, now: () => number, what: string): Progress {
  if (!output.isTerminal) return { update: () => {}, done: () => {} };
  const start = now();
  let isShown = false;
  return {
    update: (done, total) => {
      const elapsed = now() - start;
      if (elapsed < patienceMs || total === 0) return;
      isShown = true;
      const filled = Math.round((done / total) * barWidth);
      const leftSeconds = Math.ceil((elapsed / done) * (total - done)) / 1000;
      output.write(
        `\r\u001b[K${what} ${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)} ${done}/${total}, ${leftSeconds.toFixed(0)} s left`,
      );
    },
    done: () => {
      if (isShown) output.write('\r\u001b[K');
    },
  };
}
