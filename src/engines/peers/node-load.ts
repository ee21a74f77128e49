import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ConvcostError } from '../../errors.js';

/** A package that convcost does not depend on. */
export interface PeerPackage {
  readonly exports: unknown;
  /** Loads what stands beside it: the very copies that it uses itself. */
  readonly require: NodeJS.Require;
}

/**
 * Loads an optional package: the one that is installed beside convcost, else the one of the working folder.
 *
 * @throws ConvcostError `peer-missing`, with what to install
 */
export function loadPeer(engine: string, name: string, packages: readonly string[] = [name]): PeerPackage {
  for (const base of [import.meta.url, join(process.cwd(), 'package.json')]) {
    const path = resolveFrom(base, name);
    if (path === undefined) continue;
    const require = createRequire(path);
    try {
      return { exports: require(path), require };
    } catch (error) {
      throw new ConvcostError('peer-broken', { engine, name, reason: reasonOf(error) });
    }
  }
  throw new ConvcostError('peer-missing', { engine, packages });
}

function resolveFrom(base: string, name: string): string | undefined {
  try {
    return createRequire(base).resolve(name);
  } catch {
    return undefined;
  }
}

const reasonOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0]!;
