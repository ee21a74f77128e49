import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from 'yaml';
import { ConvcostError, type Place } from '../errors.js';

/** A parsed YAML or JSON text, and where each part of it stands. */
export interface YamlSource {
  readonly content: unknown;
  /** The place of a value; of a key that is not there, the place of what should hold it. */
  place(path: readonly PropertyKey[], what?: 'key' | 'value'): Place;
  /** The place of a character of a string value. */
  placeInside(path: readonly PropertyKey[], offset: number): Place;
}

/** More aliases than any file written by hand has; each may stand for many (an alias bomb). */
const mostAliases = 100;

/**
 * Parses YAML 1.2, of which JSON is a part, with the merge key `<<` of 1.1. Duplicate keys, unknown tags, tabs as indentation, alias bombs
 * and `__proto__` as a key are refused with the line.
 *
 * @throws ConvcostError `bad-yaml`
 */
export function parseYaml(text: string, file: string): YamlSource {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: '1.2',
    merge: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const at = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { kind: 'file', file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const language = /\.json$/i.test(file) ? 'JSON' : 'YAML';
  const refusal: Refusal = (reason, offset) =>
    new ConvcostError('bad-yaml', { language, reason }, at(offset));
  const [problem] = [...document.errors, ...document.warnings];
  if (problem) throw refusal(reasonOf(problem.message), problem.pos[0]);
  refuseHazards(document, refusal);
  const place: YamlSource['place'] = (path, what = 'value') => at(offsetOf(document, path, what));
  return {
    // How much aliases may grow was looked at, with its place.
    content: document.toJS({ maxAliasCount: -1 }),
    place,
    placeInside: (path, offset) => {
      const node = document.getIn(path, true);
      const quote = isScalar(node) && (node.type === 'QUOTE_DOUBLE' || node.type === 'QUOTE_SINGLE') ? 1 : 0;
      return at(offsetOf(document, path, 'value') + quote + offset);
    },
  };
}

/** What the parser says of itself, in words about the text. Its own nesting is that of the text. */
const reasons: readonly (readonly [begins: string, reason: string])[] = [
  ['Maximum call stack', 'It is nested too deeply'],
  ['Source contains multiple documents', 'It holds several documents, where one is read'],
];
const reasonOf = (message: string): string =>
  reasons.find(([begins]) => message.startsWith(begins))?.[1] ?? message;

/** What is wrong with the text, and at which character. */
type Refusal = (reason: string, offset: number) => ConvcostError;

function refuseHazards(document: Document, refusal: Refusal): void {
  let aliases = 0;
  visit(document, {
    Alias: (_, node) => {
      if (++aliases > mostAliases) throw refusal(`More than ${mostAliases} aliases`, node.range![0]);
    },
    Pair: (_, { key }) => {
      if (isAlias(key)) throw refusal('An alias cannot be a key', key.range![0]);
      if (isScalar(key) && key.value === '__proto__')
        throw refusal("'__proto__' cannot be a key", key.range![0]);
    },
    Map: (_, { items }) => {
      const [merge, second] = items.filter(({ key }) => isMergeKey(key));
      if (second) throw refusal('Map keys must be unique', (second.key as Node).range![0]);
      for (const source of merge ? sourcesOf(merge.value) : []) {
        const merged = isAlias(source) ? source.resolve(document) : source;
        if (!isMap(merged))
          throw refusal("What '<<' takes over must be a map", (merge!.key as Node).range![0]);
      }
    },
  });
  refuseGrowth(document, refusal);
}

/** The parser gives the key `<<` a symbol for its value; one in quotes is a text. */
const isMergeKey = (key: unknown): boolean => isScalar(key) && typeof key.value === 'symbol';

/** The one map that `<<` takes over, or the several. */
const sourcesOf = (value: unknown): readonly unknown[] => (isSeq(value) ? value.items : [value]);

/** Aliases of aliases: how many nodes the document would hold with every alias written out. */
function refuseGrowth(document: Document, refusal: Refusal): void {
  const anchored = new Map<string, number>();
  const open = new Set<string>();
  const sizeOf = (node: unknown): number => {
    if (isAlias(node)) {
      if (open.has(node.source))
        throw refusal(`Alias '${node.source}' stands inside what it names`, node.range![0]);
      const size = anchored.get(node.source);
      if (size === undefined)
        throw refusal(`Alias '${node.source}' names nothing that stands before it`, node.range![0]);
      return size;
    }
    const { anchor, range } = (node ?? {}) as Node & { anchor?: string };
    if (anchor) open.add(anchor);
    let size = 1;
    if (isMap(node)) for (const { key, value } of node.items) size += sizeOf(key) + sizeOf(value);
    else if (typeof node === 'object' && node && 'items' in node)
      for (const item of node.items as unknown[]) size += sizeOf(item);
    if (anchor) {
      open.delete(anchor);
      anchored.set(anchor, size);
      if (size > 1_000_000) throw refusal(`Alias '${anchor}' grows without bound`, range![0]);
    }
    return size;
  };
  sizeOf(document.contents);
}

/** The nearest node on the way to `path` that is there. */
function offsetOf(document: Document, path: readonly PropertyKey[], what: 'key' | 'value'): number {
  for (let length = path.length; length > 0; length--) {
    const parent = document.getIn(path.slice(0, length - 1), true);
    if (what === 'key' && length === path.length && isMap(parent)) {
      const pair = parent.items.find(({ key }) => isScalar(key) && key.value === path[length - 1]);
      if (pair && isScalar(pair.key)) return pair.key.range![0];
    }
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (node?.range) return node.range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}
