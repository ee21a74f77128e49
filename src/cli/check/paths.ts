/** Paths with slashes, without a file system: they name files of a commit as well as of a disk. */

/** `models/` of `models/a.onnx`; empty for a name alone. */
export const dirname = (path: string): string => path.slice(0, path.lastIndexOf('/') + 1);

/** `models/a.onnx` of `models/` and `./a.onnx`. An absolute path stays as it is. */
export const join = (folder: string, path: string): string =>
  path.startsWith('/') ? path : normalise(folder + path);

/** Without `.` and with `..` taken back, as far as there is something to take back. */
export function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..' && parts.at(-1) !== '') parts.pop();
    else if (part !== '.' && !(part === '' && parts.length > 0)) parts.push(part);
  }
  return parts.join('/');
}
