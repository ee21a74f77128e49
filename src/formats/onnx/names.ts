/** Gives every tensor and layer a name of its own: a body that is walked again gets `name#2`. */
export class Names {
  readonly #taken = new Map<string, number>();

  take(name: string): string {
    const times = (this.#taken.get(name) ?? 0) + 1;
    this.#taken.set(name, times);
    return times === 1 ? name : this.take(`${name}#${times}`);
  }
}
