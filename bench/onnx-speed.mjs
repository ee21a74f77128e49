// How long a whole process takes, and how much memory, to count a large ONNX file, against `node -e 0` in the
// same run. Weights are never read, so neither may grow with the file. Usage: node bench/onnx-speed.mjs [rounds]
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const rounds = Number(process.argv[2] ?? 15);
const folder = mkdtempSync(join(tmpdir(), 'convcost-onnx-'));

const varint = value => {
  const bytes = [];
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
};
const number = (field, value) => Buffer.concat([varint(8 * field), varint(value)]);
const head = (field, length) => Buffer.concat([varint(8 * field + 2), varint(length)]);
const bytes = (field, value) => Buffer.concat([head(field, value.length), value]);
const text = (field, value) => bytes(field, Buffer.from(value));
const message = (field, ...parts) => bytes(field, Buffer.concat(parts));

const valueInfo = (field, name, shape) => {
  const dims = shape.map(size => message(1, number(1, size)));
  return message(field, text(1, name), message(2, message(1, number(1, 1), message(2, ...dims))));
};

/** A chain of `count` 3x3 convolutions of `channels`, whose weights are raw bytes or packed floats. */
function writeModel(path, { count, channels, payloadField }) {
  const dims = [channels, channels, 3, 3];
  const length = 4 * dims.reduce((product, size) => product * size, 1);
  const weights = Buffer.alloc(length, 1);
  const nodes = Array.from({ length: count }, (_, at) =>
    message(
      1,
      text(1, `x${at}`),
      text(1, `w${at}`),
      text(2, `x${at + 1}`),
      text(3, `conv${at}`),
      text(4, 'Conv'),
    ),
  );
  const tensors = Array.from({ length: count }, (_, at) =>
    Buffer.concat([
      ...dims.map(size => number(1, size)),
      number(2, 1),
      text(8, `w${at}`),
      head(payloadField, length),
    ]),
  );
  const ends = [
    valueInfo(11, 'x0', [1, channels, 224, 224]),
    valueInfo(12, `x${count}`, [1, channels, 224 - 2 * count, 224 - 2 * count]),
  ];
  const small = [...nodes, ...ends];
  const whole = tensors.reduce((sum, tensor) => {
    const size = tensor.length + length;
    return sum + head(5, size).length + size;
  }, 0);
  const file = openSync(path, 'w');
  writeSync(file, Buffer.concat([number(1, 8), message(8, number(2, 13))]));
  writeSync(file, head(7, whole + Buffer.concat(small).length));
  writeSync(file, Buffer.concat(small));
  for (const tensor of tensors) {
    writeSync(file, Buffer.concat([head(5, tensor.length + length), tensor]));
    writeSync(file, weights);
  }
  closeSync(file);
}

/** The command line where it is built; else the library's own path from a file to a count. */
async function counter() {
  if (existsSync('dist/cli/main.cjs')) return ['bin/convcost.js', 'count'];
  const entry = join(folder, 'count.ts');
  const from = path => JSON.stringify(join(process.cwd(), 'src', path));
  writeFileSync(
    entry,
    `import { noOverrides, readModel } from ${from('formats/index.ts')};
     import { openFile } from ${from('io/file-byte-source.ts')};
     import { countNetwork } from ${from('cost/count.ts')};
     const file = process.argv[2];
     const network = await readModel(openFile(file), { name: file, source: file, inputs: noOverrides });
     console.log(countNetwork(network).totals.macs);`,
  );
  const outfile = join(folder, 'count.mjs');
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', minify: true });
  return [outfile];
}

/** Wall time and peak memory of one process; the memory as the process itself sees it at its end. */
function measure(args) {
  const begin = process.hrtime.bigint();
  const { status, stderr } = spawnSync(process.execPath, ['--import', reporter, ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return {
    ms: Number(process.hrtime.bigint() - begin) / 1e6,
    mebibytes: Number(stderr.trim().split('\n').at(-1)) / 1024,
  };
}

const reporter = join(folder, 'reporter.mjs');
writeFileSync(
  reporter,
  `import { writeSync } from 'node:fs';
   process.on('exit', () => writeSync(2, String(process.resourceUsage().maxRSS)));`,
);

const median = values => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];

const models = [
  { name: 'as many layers, small', count: 58, channels: 8, payloadField: 9 },
  { name: '100 MB, raw_data', count: 11, channels: 512, payloadField: 9 },
  { name: '100 MB, float_data', count: 11, channels: 512, payloadField: 4 },
  { name: '550 MB, raw_data', count: 58, channels: 512, payloadField: 9 },
  { name: '550 MB, float_data', count: 58, channels: 512, payloadField: 4 },
];

try {
  const command = await counter();
  const cases = [{ name: 'node -e 0', args: ['-e', '0'] }];
  for (const model of models) {
    const path = join(folder, `${cases.length}.onnx`);
    writeModel(path, model);
    cases.push({
      name: `${model.name} (${(statSync(path).size / 1e6).toFixed(0)} MB)`,
      args: [...command, path],
    });
  }
  const results = cases.map(() => []);
  // Interleaved, so that a busy moment of the machine hits all of them.
  for (let round = 0; round < rounds; round++) {
    for (const [index, { args }] of cases.entries()) results[index].push(measure(args));
  }
  const summary = results.map(all => ({
    ms: median(all.map(({ ms }) => ms)),
    mebibytes: median(all.map(({ mebibytes }) => mebibytes)),
  }));
  const [base] = summary;
  console.log(`${cpus()[0]?.model}, Node ${process.version}, median of ${rounds} rounds, ${command[0]}`);
  for (const [index, { name }] of cases.entries()) {
    const { ms, mebibytes } = summary[index];
    const more =
      index === 0
        ? ''
        : `  +${(ms - base.ms).toFixed(0)} ms, +${(mebibytes - base.mebibytes).toFixed(1)} MiB`;
    console.log(
      `${name.padEnd(30)} ${ms.toFixed(0).padStart(5)} ms ${mebibytes.toFixed(1).padStart(6)} MiB${more}`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
