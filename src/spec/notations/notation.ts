import type { NetworkSpec } from '../layer-spec.js';
import type { PlaceOf } from '../tokens.js';

/** A way in which people write networks, found by content or asked for with `--from`. */
export interface Notation {
  /** The value of `--from`. */
  readonly name: string;
  /** One line for help and for the docs. */
  readonly says: string;
  readonly example: string;
  /** Whether a text looks like it; cheap, and sure enough to try no other. */
  readonly matches: (text: string) => boolean;
  /** @throws ConvcostError with the place of what is wrong */
  readonly parse: (text: string, options: NotationOptions) => NetworkSpec;
}

export interface NotationOptions {
  readonly placeOf: PlaceOf;
  /** Read what can be read, and let the rest be unknown layers: totals become a lower bound. */
  readonly loose: boolean;
}
