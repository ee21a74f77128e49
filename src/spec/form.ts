import type { z } from 'zod';
import { ConvcostError, show } from '../errors.js';
import { didYouMean, nearestWord } from '../suggest.js';
import type { YamlSource } from './yaml-source.js';

/** The way to a value: keys and positions. */
export type Path = readonly PropertyKey[];

/**
 * Holds a value against a schema; the first thing that is wrong becomes an error at its place.
 *
 * @param base the way from the whole source to the value
 * @throws ConvcostError `unknown-key`, `bad-value`
 */
export function checkForm<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  base: Path,
  source: Pick<YamlSource, 'place'>,
): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issues = result.error.issues.map(deepest);
  // A key that is not known is why another is missing: it says more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = knownKeys(schema, issue.path);
    throw new ConvcostError('unknown-key', { word: key, known }, source.place([...path, key], 'key'));
  }
  const name = path.map(String).join('.');
  throw new ConvcostError(
    'bad-value',
    { name, reason: reasonOf(issue, valueAt(value, issue.path)) },
    source.place(path),
  );
}

function reasonOf(issue: z.core.$ZodIssue, value: unknown): string {
  const { code, message } = issue;
  if (message.endsWith('received undefined')) return 'it is missing';
  if (code === 'invalid_value' && value !== undefined) {
    const suggestion = typeof value === 'string' ? nearestWord(value, issue.values.map(String)) : undefined;
    return `${show(value)} is not a choice.${didYouMean(suggestion)} There are: ${issue.values.join(', ')}`;
  }
  if (code === 'too_small' && issue.origin === 'array')
    return issue.minimum === 1 ? 'it is empty' : `it must hold at least ${issue.minimum} values`;
  return message.replace('Invalid input: ', '');
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** A union's own message says nothing: what its nearest choice lacks does. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const firsts = issue.errors.flatMap(([first]) => first ?? []);
  const [nearest] = firsts.toSorted((a, b) => b.path.length - a.path.length);
  return nearest ? deepest({ ...nearest, path: [...issue.path, ...nearest.path] }) : issue;
}

/** The keys that may stand at the end of a path. */
function knownKeys(schema: z.ZodType, path: Path): readonly string[] {
  return Object.keys(shapeAt(schema, path) ?? {});
}

type Shape = Readonly<Record<string, z.ZodType>>;

/** Walks a schema as the value was walked: through optional values, lists, records, objects and unions. */
function shapeAt(schema: z.ZodType | undefined, path: Path): Shape | undefined {
  const { shape, element, valueType, options, unwrap } = (schema ?? {}) as SchemaParts;
  const [key, ...rest] = path;
  if (shape) return key === undefined ? shape : shapeAt(shape[String(key)], rest);
  if (options) return options.map(option => shapeAt(option, path)).find(found => found !== undefined);
  if (element ?? valueType) return shapeAt(element ?? valueType, rest);
  return unwrap ? shapeAt(unwrap(), path) : undefined;
}

/** What the kinds of zod schemas hold others in. */
interface SchemaParts {
  readonly shape?: Shape;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly unwrap?: () => z.ZodType;
}
