import type { LayerSnapshot } from './snapshot.js';

/** A layer before and after; one side is absent where a layer came or went. */
export interface Pair {
  readonly before: LayerSnapshot | undefined;
  readonly after: LayerSnapshot | undefined;
}

type Layers = readonly LayerSnapshot[];
/** Positions that belong together: in `before`, in `after`. */
type Match = readonly [number, number];

/**
 * Which layer became which. Names decide, then structure; but generated names are numbered, so that one new
 * layer renames all behind it. Where structure alone explains the two networks with less change, it decides.
 */
export function alignLayers(before: Layers, after: Layers): readonly Pair[] {
  const byName = pairsOf(before, after, matchNames(before, after));
  if (byName.every(isUnchanged)) return byName;
  const byForm = pairsOf(before, after, matchForms(before, after));
  return effectOf(byForm) < effectOf(byName) ? byForm : byName;
}

const isUnchanged = ({ before, after }: Pair): boolean =>
  before !== undefined && after !== undefined && before.form === after.form;

/** How much change a pairing sees. */
const effectOf = (pairs: readonly Pair[]): number =>
  pairs.reduce(
    (sum, { before, after }) =>
      sum +
      Math.abs((after?.macs ?? 0) - (before?.macs ?? 0)) +
      Math.abs((after?.params ?? 0) - (before?.params ?? 0)),
    0,
  );

function matchNames(before: Layers, after: Layers): readonly Match[] {
  const positions = new Map(after.map(({ name }, index) => [name, index] as const));
  const matches: Match[] = [];
  before.forEach(({ name }, index) => {
    const found = positions.get(name);
    if (found === undefined) return;
    positions.delete(name);
    matches.push([index, found]);
  });
  return matches;
}

/** More comparisons than this are not worth their time: names decide. */
const mostComparisons = 20_000_000;

/** The longest sequence of forms that both have, in order. */
function matchForms(before: Layers, after: Layers): readonly Match[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start]!.form === after[start]!.form) start++;
  let end = 0;
  const room = Math.min(before.length, after.length) - start;
  while (end < room && before.at(-1 - end)!.form === after.at(-1 - end)!.form) end++;
  const [rows, columns] = [before.length - start - end, after.length - start - end];
  const ends: readonly Match[] = [
    ...Array.from({ length: start }, (_, i): Match => [i, i]),
    ...Array.from({ length: end }, (_, i): Match => [before.length - 1 - i, after.length - 1 - i]),
  ];
  if (rows * columns > mostComparisons) return matchNames(before, after);
  const same = (row: number, column: number) => before[start + row]!.form === after[start + column]!.form;
  const inner = longestCommon(rows, columns, same);
  return [...ends, ...inner.map(([row, column]): Match => [start + row, start + column])];
}

/** The longest common subsequence, from its table of lengths. */
function longestCommon(
  rows: number,
  columns: number,
  same: (row: number, column: number) => boolean,
): readonly Match[] {
  const width = columns + 1;
  const lengths = new Uint32Array((rows + 1) * width);
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      lengths[row * width + column] = same(row, column)
        ? lengths[(row + 1) * width + column + 1]! + 1
        : Math.max(lengths[(row + 1) * width + column]!, lengths[row * width + column + 1]!);
    }
  }
  const matches: Match[] = [];
  for (let row = 0, column = 0; row < rows && column < columns; ) {
    if (same(row, column)) matches.push([row++, column++]);
    else if (lengths[(row + 1) * width + column]! >= lengths[row * width + column + 1]!) row++;
    else column++;
  }
  return matches;
}

/** Matched layers, and in the gaps between them those of one form, then of one kernel: depthwise turned standard. */
function pairsOf(before: Layers, after: Layers, matches: readonly Match[]): readonly Pair[] {
  const partner = new Map(matches.map(([from, to]) => [to, from] as const));
  const left = new Set(before.keys());
  for (const from of partner.values()) left.delete(from);
  for (const { start, end } of gapsIn(after.length, partner)) {
    const first = (partner.get(start - 1) ?? -1) + 1;
    const last = partner.get(end) ?? before.length;
    for (const keyOf of [formOf, kernelOf]) {
      const waiting = new Map<string, number[]>();
      for (let from = first; from < last; from++) {
        const key = left.has(from) ? keyOf(before[from]!) : undefined;
        if (key === undefined) continue;
        const queue = waiting.get(key);
        if (queue) queue.push(from);
        else waiting.set(key, [from]);
      }
      for (let to = start; to < end; to++) {
        const from = partner.has(to) ? undefined : waiting.get(keyOf(after[to]!) ?? '')?.shift();
        if (from === undefined) continue;
        partner.set(to, from);
        left.delete(from);
      }
    }
  }
  return [
    ...after.map((layer, to): Pair => ({ before: before[partner.get(to) ?? -1], after: layer })),
    ...Array.from(left, (index): Pair => ({ before: before[index], after: undefined })),
  ];
}

/** Runs of positions without a partner, from `start` up to `end`. */
function gapsIn(length: number, partner: ReadonlyMap<number, number>) {
  const gaps: { readonly start: number; readonly end: number }[] = [];
  for (let start = 0; start < length; start++) {
    let end = start;
    while (end < length && !partner.has(end)) end++;
    if (end > start) gaps.push({ start, end });
    start = end;
  }
  return gaps;
}

const formOf = ({ form }: LayerSnapshot): string => form;
/** Forms begin with flavor and kernel. */
const kernelOf = ({ form }: LayerSnapshot): string | undefined =>
  /^\S+ (\d+(?:x\d+)*)(?: |$)/.exec(form)?.[1];
