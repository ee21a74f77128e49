/** What to take back where an attempt fails; it is written down only while one is open. */
export class UndoLog {
  readonly #steps: (() => void)[] = [];
  #open = 0;

  /** Opens an attempt, inside those that are open. */
  begin(): number {
    this.#open++;
    return this.#steps.length;
  }

  get isOpen(): boolean {
    return this.#open > 0;
  }

  record(undo: () => void): void {
    if (this.#open > 0) this.#steps.push(undo);
  }

  /** Closes the innermost attempt. What it did stays, until one around it fails. */
  keep(): void {
    if (--this.#open === 0) this.#steps.length = 0;
  }

  /** Closes the innermost attempt and takes back all since it began, the last first. */
  takeBack(mark: number): void {
    while (this.#steps.length > mark) this.#steps.pop()!();
    this.keep();
  }
}
