import type { UndoLog } from './undo-log.js';

/** Gives every tensor and layer a name of its own: a body that is walked again gets `name#2`. */
export class Names {
  readonly #taken = new Map<string, number>();
  readonly #undo: UndoLog;

  constructor(undo: UndoLog) {
    this.#undo = undo;
  }

  take(name: string): string {
    const before = this.#taken.get(name) ?? 0;
    const times = before + 1;
    this.#taken.set(name, times);
    // A function for every name of a large model would be a lot of memory for nothing.
    if (this.#undo.isOpen) this.#recordBefore(name, before);
    return times === 1 ? name : this.take(`${name}#${times}`);
  }

  #recordBefore(name: string, before: number): void {
    this.#undo.record(() => (before === 0 ? this.#taken.delete(name) : this.#taken.set(name, before)));
  }
}
