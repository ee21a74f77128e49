/**
 * Whether a text fits a pattern in which `*` stands for any characters and `?` for one. Linear in practice,
 * quadratic at worst: patterns come from configs, and no config may stop the check by its cost.
 */
export function matchesWord(pattern: string, text: string): boolean {
  let [p, t] = [0, 0];
  // Where the last star stands, and how far it reaches so far.
  let [star, reach] = [-1, 0];
  while (t < text.length) {
    if (pattern[p] === '*') [star, reach] = [p++, t];
    else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) [p, t] = [p + 1, t + 1];
    else if (star >= 0) [p, t] = [star + 1, ++reach];
    else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Whether a path fits a glob: `*` and `?` inside one folder, `**` over any, `{a,b}` for either. */
export const matchesPath = (glob: string, path: string): boolean =>
  expandBraces(glob).some(plain => matchesSegments(plain.split('/'), path.split('/')));

/** As `matchesWord`, over folders, with `**` as the star. A name that begins with a dot is matched by a dot. */
function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  let [p, s] = [0, 0];
  let [star, reach] = [-1, 0];
  while (s < path.length) {
    if (pattern[p] === '**') [star, reach] = [p++, s];
    else if (p < pattern.length && matchesSegment(pattern[p]!, path[s]!)) [p, s] = [p + 1, s + 1];
    else if (star >= 0 && !path[reach]!.startsWith('.')) [p, s] = [star + 1, ++reach];
    else return false;
  }
  while (pattern[p] === '**') p++;
  return p === pattern.length;
}

const matchesSegment = (pattern: string, name: string): boolean =>
  pattern.startsWith('.') === name.startsWith('.') && matchesWord(pattern, name);

/** More alternatives than anyone writes by hand; `{a,b}` many times over would be 2^n globs. */
const mostAlternatives = 256;

/** `m/{a,b}.onnx` as `m/a.onnx` and `m/b.onnx`; the innermost braces first. */
function expandBraces(glob: string): readonly string[] {
  const done: string[] = [];
  const open = [glob];
  while (open.length > 0 && done.length + open.length <= mostAlternatives) {
    const next = open.shift()!;
    const braces = /\{([^{}]*)\}/.exec(next);
    if (!braces) done.push(next);
    else {
      const [before, after] = [next.slice(0, braces.index), next.slice(braces.index + braces[0].length)];
      open.push(...braces[1]!.split(',').map(choice => before + choice + after));
    }
  }
  return open.length > 0 ? [] : done;
}

export const isGlob = (text: string): boolean => /[*?{]/.test(text);

/** The folder that a glob cannot leave: `models/` of `models/*.onnx`. */
export const globRoot = (glob: string): string =>
  glob.slice(0, glob.slice(0, glob.search(/[*?{]|$/)).lastIndexOf('/') + 1);
