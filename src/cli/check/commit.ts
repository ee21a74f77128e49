import { ConvcostError } from '../../errors.js';
import { sourceFromBytes } from '../../formats/byte-source.js';
import { refuseLfsPointer } from '../../formats/lfs.js';
import type { GitAnswer, Host } from '../host.js';
import { dirname, join, normalise } from './paths.js';

/**
 * The world as a commit has it: the same host, but its files are those of the commit. Whatever reads models
 * and configs then reads them as they were.
 *
 * @param ref a branch, a tag or a commit: `origin/main`, `HEAD~1`
 * @throws ConvcostError `git-missing`, `not-a-repository`, `unknown-ref`
 */
export async function hostAt(host: Host, ref: string): Promise<Host> {
  const commit = await resolveRef(host, ref);
  const [root, prefix] = await whereWeAre(host);
  const tree = decode(
    (await git(host, ['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit])).stdout,
  );
  const names = tree.split('\0').filter(Boolean).sort();
  const known = new Set(names);
  const changed = await changedSince(host, commit);
  const fullName = (path: string): string =>
    path.startsWith(`${root}/`) ? normalise(path.slice(root.length + 1)) : join(prefix, path);
  // What has not changed since is read from the disk: no process a file, and there LFS has the content.
  const isOnDisk = async (path: string): Promise<boolean> => {
    const name = fullName(path);
    return known.has(name) && !changed.has(name) && (await host.exists(path));
  };
  const readBlob = async (path: string): Promise<Uint8Array> => {
    const name = fullName(path);
    if (!known.has(name)) throw Object.assign(new Error(`not in ${ref}`), { code: 'ENOENT' });
    const { stdout } = await git(host, ['cat-file', 'blob', `${commit}:${name}`]);
    refuseLfsPointer(stdout, path, ref);
    return stdout;
  };
  return {
    // One by one: another way to read files, should the host get one, must not reach the disk unseen.
    stdout: host.stdout,
    stderr: host.stderr,
    env: host.env,
    now: host.now,
    breathe: host.breathe,
    listenForInterrupt: host.listenForInterrupt,
    readStdin: host.readStdin,
    git: host.git,
    findConfig: host.findConfig,
    importModule: host.importModule,
    writeFile: host.writeFile,
    makeFolder: host.makeFolder,
    appendFile: host.appendFile,
    listFiles: async () =>
      names.filter(name => dirname(name) === prefix).map(name => name.slice(prefix.length)),
    exists: async path => known.has(fullName(path)),
    findFiles: async folder => {
      const below = folder === '' ? prefix : `${fullName(folder)}/`;
      return names.filter(name => name.startsWith(below)).map(name => name.slice(below.length));
    },
    readBytes: async path => ((await isOnDisk(path)) ? host.readBytes(path) : readBlob(path)),
    openFile: async path =>
      (await isOnDisk(path))
        ? host.openFile(path)
        : { ...sourceFromBytes(await readBlob(path)), close: () => {} },
  };
}

/** Files whose content on the disk is not the commit's. */
async function changedSince(host: Host, commit: string): Promise<ReadonlySet<string>> {
  const how = ['--name-only', '-z', '--no-renames', '--no-relative', '--no-ext-diff', '--ignore-submodules'];
  const { stdout } = await git(host, ['diff', ...how, commit]);
  return new Set(decode(stdout).split('\0').filter(Boolean));
}

async function resolveRef(host: Host, ref: string): Promise<string> {
  // What begins with a dash would be an option of git.
  if (ref === '' || ref.startsWith('-')) throw new ConvcostError('unknown-ref', { ref, isShallow: false });
  await whereWeAre(host);
  const { code, stdout } = await ask(host, ['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (code === 0) return decode(stdout).trim();
  const shallow = await ask(host, ['rev-parse', '--is-shallow-repository']);
  throw new ConvcostError('unknown-ref', { ref, isShallow: decode(shallow.stdout).trim() === 'true' });
}

/** The repository's folder, and the way from there to the working folder: empty, or with a slash at the end. */
async function whereWeAre(host: Host): Promise<readonly [root: string, prefix: string]> {
  const { stdout } = await git(host, ['rev-parse', '--show-toplevel', '--show-prefix']);
  const [root = '', prefix = ''] = decode(stdout).split('\n');
  return [root, prefix];
}

/** @throws ConvcostError `not-a-repository` with git's own words */
async function git(host: Host, args: readonly string[]): Promise<GitAnswer> {
  const answer = await ask(host, args);
  if (answer.code === 0) return answer;
  const [reason = ''] = answer.stderr.replace(/^fatal: /, '').split('\n');
  throw new ConvcostError('not-a-repository', { reason });
}

/** @throws ConvcostError `git-missing` */
async function ask(host: Host, args: readonly string[]): Promise<GitAnswer> {
  try {
    return await host.git(args);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new ConvcostError('git-missing', {});
    throw error;
  }
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
