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
  const issues = result.error.issues.map(issue => deepest(issue, value));
  // A key that is not known is why another is missing: it says more.
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]!;
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    const known = Object.keys(shapeAt(schema, issue.path, value) ?? {});
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
  if (typeof value === 'number' && !Number.isFinite(value)) return `${value} is not a finite number`;
  if (message.endsWith('received undefined')) return 'it is missing';
  if (code === 'invalid_value' && value !== undefined) {
    const suggestion = typeof value === 'string' ? nearestWord(value, issue.values.map(String)) : undefined;
    return `${show(value)} is not a choice.${didYouMean(suggestion)} There are: ${issue.values.join(', ')}`;
  }
  if (code === 'too_small' && issue.minimum === 1 && issue.origin !== 'number') return 'it is empty';
  if (code === 'too_small' && issue.origin === 'array')
    return `it must hold at least ${issue.minimum} values`;
  return message.replace('Invalid input: ', '');
}

const valueAt = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);

/** A union's own message says nothing: what its nearest choice lacks does. */
function deepest(issue: z.core.$ZodIssue, whole: unknown): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const value = valueAt(whole, issue.path);
  const [nearest] = issue.errors.toSorted((a, b) => distance(a, value) - distance(b, value));
  const inner = nearest?.find(({ code }) => code === 'unrecognized_keys') ?? nearest?.[0];
  return inner ? deepest({ ...inner, path: [...issue.path, ...inner.path] }, whole) : issue;
}

/** How far a value is from a choice: one of another form altogether is the farthest. */
const distance = (issues: readonly z.core.$ZodIssue[], value: unknown): number =>
  issues.some(
    ({ code, path }) =>
      path.length === 0 &&
      (code === 'invalid_type' || (code === 'invalid_value' && typeof value === 'object')),
  )
    ? Number.POSITIVE_INFINITY
    : issues.length;

type Shape = Readonly<Record<string, z.ZodType>>;

/**
 * The keys that an object at a path may have: a schema is walked as its value is, through optional values,
 * lists, records, objects, and of a union through the choice that shares the most keys with the value.
 */
function shapeAt(schema: z.ZodType | undefined, path: Path, value: unknown): Shape | undefined {
  const { shape, element, valueType, options, unwrap } = (schema ?? {}) as SchemaParts;
  const [key, ...rest] = path;
  if (options) {
    const written = Object.keys(Object(valueAt(value, path)));
    const shared = (found: Shape): number => written.filter(key => Object.hasOwn(found, key)).length;
    const shapes = options.map(option => shapeAt(option, path, value)).filter(found => found !== undefined);
    return shapes.toSorted((a, b) => shared(b) - shared(a))[0];
  }
  const inner = shape ? shape[String(key)] : (element ?? valueType);
  if (inner && key !== undefined) return shapeAt(inner, rest, valueAt(value, [key]));
  return shape ?? (unwrap && shapeAt(unwrap(), path, value));
}

/** What the kinds of zod schemas hold others in. */
interface SchemaParts {
  readonly shape?: Shape;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly options?: readonly z.ZodType[];
  readonly unwrap?: () => z.ZodType;
}
