import { describe, expect, it } from 'vitest';
import { convcost } from '../fake-host.js';

const words = (line: string) => line.split(' ');

describe('sources', () => {
  it('words together are one network, quoted arguments are networks of their own', async () => {
    const { stdout } = await convcost([
      'compare',
      '@56 conv3x3 64-128',
      '@56 sep3x3 64-128',
      '--format',
      'json',
    ]);
    const { networks, ratios } = JSON.parse(stdout);
    expect(networks.map((network: { totals: { macs: number } }) => network.totals.macs)).toEqual([
      231_211_008, 27_496_448,
    ]);
    expect(ratios[1]).toBeCloseTo(1 / 128 + 1 / 9, 12);
  });

  it('`convcost SOURCE` is `convcost count SOURCE`', async () => {
    const tokens = words('@8x8x3 conv3x3 4 s2');
    expect(await convcost(tokens)).toEqual(await convcost(['count', ...tokens]));
  });

  it('options may stand between words', async () => {
    const { stdout } = await convcost(words('count @8x8x3 --get macs conv3x3 4'));
    expect(stdout).toBe('6912\n');
  });

  it('stdin is read where - is written', async () => {
    const { stdout } = await convcost(words('count - --get macs'), {
      stdin: 'input: 8x8x3\nlayers: [conv3x3 4]',
    });
    expect(stdout).toBe('6912\n');
  });

  it('a file named like a token is written with its folder', async () => {
    const files = { './gap': 'input: 8x8x3\nlayers: [conv3x3 4]' };
    expect((await convcost(words('count ./gap --get macs'), { files })).stdout).toBe('6912\n');
  });

  it('an option of names may be repeated', async () => {
    const network = '@8x8x3 conv3x3 4 relu pw 2';
    const rows = await convcost(
      words(`${network} --filter conv1 --filter pw1 --columns name --columns macs -f csv`),
    );
    expect(rows.stdout.split('\n').slice(0, 3)).toEqual(['name,macs', 'conv1,6912', 'pw1,512']);
    expect((await convcost(words(`${network} --get macs --get params`))).stdout).toBe('7424\n116\n');
  });

  it('a number goes where --output says', async () => {
    const { stdout, written } = await convcost(words('@8x8x3 conv3x3 4 --get macs -o macs.txt'));
    expect([stdout, written.get('macs.txt')]).toEqual(['', '6912\n']);
  });

  it('a number that is a lower bound is said to be one', async () => {
    const { code, stdout, stderr } = await convcost(words('@4x4x2 unknown word=LSTM pw 2 --get macs'));
    expect([code, stdout]).toEqual([0, '64\n']);
    expect(stderr).toContain('a lower bound, as LSTM is not counted');
  });

  it('a file that is written has no colours, whatever the terminal', async () => {
    const { written } = await convcost(words('@8x8x3 conv3x3 4 -o report.txt'), { width: 200 });
    expect(String(written.get('report.txt'))).not.toContain('\u001b');
  });

  it('the input of a text may be named', async () => {
    const line = '@8x8x3 conv3x3 4 --input input=16x16x3 --get macs';
    expect((await convcost(words(line))).stdout).toBe('27648\n');
  });

  it('--input goes before what the source says, --batch multiplies', async () => {
    const tokens = '@8x8x3 conv3x3 4';
    expect((await convcost(words(`count ${tokens} --get macs --input 16x16x3`))).stdout).toBe('27648\n');
    expect((await convcost(words(`count ${tokens} --get macs --batch 5`))).stdout).toBe('34560\n');
  });
});

describe('mistakes: exit 2, one message, nothing on stdout', () => {
  it.each<[string, string]>([
    ['explian', "Did you mean 'explain'?"],
    ['packge.json', "Did you mean 'package.json'?"],
    ['coutn @8x8x3 conv3x3 4', "Did you mean 'count'?"],
    ['@8x8x3 conv3x3 4 --batch 0', 'at least 1'],
    ['zoo:alexnet --batch 0', 'at least 1'],
    ['@0x8x8x3 conv3x3 4', 'Batch is 0'],
    ['@8x8x3 conv3x3 4 --input 0x8x8x3', 'Batch is 0'],
    ['@8x8x3 conv3x3 4 --from pytorch', 'Leave it out'],
    ['@8x8x3 conv3x3 4 --layers conv1', 'nothing without --rewrite'],
    ['run @8x8x3 conv3x3 4 --layers conv1', 'nothing without --rewrite'],
    ['run @8x8x3 conv3x3 4 --engine reference --threads 4', 'nothing without --engine wasm'],
    ['bench @8x8x3 conv3x3 4 --engine reference --threads 2', 'nothing without --engine wasm'],
    ['explain conv3x3 8', 'Write 3-8 in place of 8'],
    ['help nosuch', 'no command "nosuch"'],
    ['@8x8x3 conv3x3 4 --input NAME=8x8x3', 'no input "NAME"'],
    ['zoo:alexnet --explain-convention thopp', 'torchinfo, onnx-tool) or a source'],
    ['run @100000x100000x1 pw 1', 'more than the 2 GiB'],
    ['run @16x16x3 conv3x3 999999999', 'more than the 2 GiB'],
    ['bench @20000x20000x3 conv3x3 64', 'more than the 2 GiB'],
    ['zoo:alexnet compare', "'compare' is a command, which must come first"],
    ['conv3x3 3-4 --input 3x32x40', 'channels last here: write 32x40x3.'],
    ['count', 'Nothing to read'],
    ['count missing.yaml', 'there is no such file'],
    ['count src', 'not a command, a layer token or a file'],
    ['count @8x8x3 conv3x3 4 --format jsn', 'Allowed choices'],
    ['count @8x8x3 conv3x3 4 --frmat json', '--format'],
    ['count @8x8x3 conv3x3 4 --get mcas', "Did you mean 'macs'?"],
    ['count @8x8x3 conv3x3 4 --batch -1', 'Batch'],
    ['count @8x8x3 conv3x3 4 s0', 'Stride is 0'],
    ['explain @8x8x3 gap', 'no standard convolution'],
    ['explain @8x8x3 conv3x3 4 --layer conv2', "Did you mean 'conv1'?"],
    ['compare @8x8x3 conv3x3 4 --layers conv9', "Did you mean 'conv1'?"],
    ['run @8x8x3 conv3x3 4 --runs 0', 'at least 1'],
    ['run @8x8x3 conv3x3 4 --runs 1.5', 'at least 1'],
    ['run @8x8x3 conv3x3 4 --data rampp', "Did you mean 'ramp'?"],
    ['run @8x8x3 conv3x3 4 --engine wsam', 'Allowed choices'],
  ])('%s', async (line, says) => {
    const { code, stdout, stderr } = await convcost(words(line));
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(says);
    expect(stderr).not.toMatch(/undefined|\n {4}at /);
    expect(stderr.length).toBeLessThan(3000);
  });

  it('are broken and cut to the width of a terminal, the caret under the word', async () => {
    const { stderr } = await convcost([...words('@8x8x3'), ...Array<string>(30).fill('relu'), 'covn3x3'], {
      width: 40,
    });
    const lines = stderr.split('\n').map(line => line.replaceAll(/\u001b\[\d+m/g, ''));
    expect(lines.filter(line => line.length > 40)).toEqual([]);
    const caret = lines.findIndex(line => line.includes('^'));
    expect(lines[caret - 1]!.slice(lines[caret]!.indexOf('^'))).toBe('covn3x3');
  });

  it('a model of another tool is named, though it is text', async () => {
    const files = { 'model.json': '{"modelTopology": {}, "weightsManifest": []}' };
    const { code, stderr } = await convcost(words('count model.json'), { files });
    expect([code, stderr]).toEqual([2, expect.stringContaining('is a TensorFlow.js model')]);
  });

  it('as one JSON object where JSON is asked for', async () => {
    for (const line of [
      'count @8x8x3 conv3x3 4 s0 --format json',
      'count --format=json --nonsense',
      'count @99999999x99999999 conv99x99 9999-9999 -f json',
    ]) {
      const { code, stdout, stderr } = await convcost(words(line));
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(JSON.parse(stderr).error.message.length).toBeGreaterThan(10);
    }
  });

  it('a caret stands under the token, in a line cut around it', async () => {
    const { stderr } = await convcost([
      ...words('@8x8x3'),
      ...Array<string>(60).fill('relu'),
      'covn3x3',
      ...Array<string>(60).fill('relu'),
    ]);
    const [, line, caret] = stderr.split('\n');
    expect(line!.slice(caret!.indexOf('^'), caret!.lastIndexOf('^') + 1)).toBe('covn3x3');
    expect(line!.length).toBeLessThan(120);
  });

  it('a name that moves the cursor is shown escaped', async () => {
    const { stderr, stdout } = await convcost(['@8x8x3 conv3x3 4 name=\u001b[2J\u202e conv3x3 4 g3']);
    expect(stderr + stdout).not.toMatch(/[\u001b\u202e]/);
  });

  it('--debug shows where it came from', async () => {
    expect((await convcost(words('count @8x8x3 conv3x3 4 s0 --debug'))).stderr).toMatch(/\n\s+at /);
  });
});

describe('output', () => {
  it('numbers in JSON are raw, keys as documented', async () => {
    const { stdout } = await convcost(words('count @224x224x3 conv3x3 32 s2 bias --format json'));
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schemaVersion: 1, kind: 'cost', convention: 'convcost' });
    expect(report.networks[0].inputs).toEqual([{ name: 'input', shape: [1, 224, 224, 3], layout: 'NHWC' }]);
    expect(report.networks[0].layers[0]).toEqual({
      name: 'conv1',
      op: 'conv',
      flavor: 'standard',
      dtype: 'f32',
      layout: 'NHWC',
      input: [1, 224, 224, 3],
      output: [1, 112, 112, 32],
      kernel: [3, 3],
      stride: [2, 2],
      padding: [0, 0, 1, 1],
      dilation: [1, 1],
      groups: 1,
      bias: true,
      macs: 10_838_016,
      // One column and one row of taps fall on the padding: (3 * 112 - 1)^2 pairs remain of (3 * 112)^2.
      macsInBounds: 335 * 335 * 3 * 32,
      params: 896,
      biasAdds: 401_408,
      activationBytes: 4 * (224 * 224 * 3 + 112 * 112 * 32),
      trafficBytes: 4 * (224 * 224 * 3 + 112 * 112 * 32 + 896),
      macsPerByte: 10_838_016 / (4 * (224 * 224 * 3 + 112 * 112 * 32 + 896)),
    });
  });

  it('--output writes the report and leaves stdout empty', async () => {
    const { stdout, written } = await convcost(
      words('count @8x8x3 conv3x3 4 --format json -o out/report.json'),
    );
    expect(stdout).toBe('');
    expect(JSON.parse(String(written.get('out/report.json'))).kind).toBe('cost');
  });

  it.each([60, 80, 200])('fits a terminal of %d columns', async width => {
    for (const command of ['count', 'compare', 'explain', 'run']) {
      const { stdout } = await convcost(
        [command, ...words('@32x32x3 conv3x3 16 s2 sep3x3 24 x2 gap fc 10')],
        { width, env: { NO_COLOR: '1' } },
      );
      const longest = Math.max(...stdout.split('\n').map(line => [...line].length));
      expect(longest, stdout).toBeLessThanOrEqual(width);
    }
  });

  it.each<[string, object, boolean]>([
    // colour: --no-color > NO_COLOR > FORCE_COLOR > is it a terminal
    ['a terminal', { width: 80 }, true],
    ['a pipe', {}, false],
    ['NO_COLOR on a terminal', { width: 80, env: { NO_COLOR: '1' } }, false],
    ['FORCE_COLOR in a pipe', { env: { FORCE_COLOR: '1' } }, true],
    ['NO_COLOR goes before FORCE_COLOR', { env: { NO_COLOR: '1', FORCE_COLOR: '1' } }, false],
  ])('colour for %s', async (_, world, isColored) => {
    const { stdout } = await convcost(words('compare @32x32x3 conv3x3 16'), world);
    expect(stdout.includes('\u001b[')).toBe(isColored);
  });

  it('--no-color goes before all', async () => {
    const { stdout } = await convcost(words('compare @32x32x3 conv3x3 16 --no-color'), {
      width: 80,
      env: { FORCE_COLOR: '1' },
    });
    expect(stdout).not.toContain('\u001b[');
  });

  it('help names every command and the exit codes', async () => {
    const { stdout, code } = await convcost(['--help']);
    expect(code).toBe(0);
    for (const command of ['count', 'compare', 'explain', 'run']) expect(stdout).toContain(`  ${command}`);
    expect(await convcost([])).toEqual({ code: 0, stdout, stderr: '', written: new Map() });
    for (const command of ['count', 'compare', 'explain', 'run']) {
      expect((await convcost([command, '--help'])).code).toBe(0);
    }
  });
});

describe('whole runs', () => {
  it.each([
    'count @32x32x3 conv3x3 16 s2 relu6 sep3x3 24 maxpool2x2 gap fc 10',
    'compare @32x32x3 conv3x3 16 s2 sep3x3 24 conv3x3 32',
    "compare '@56 conv3x3 64-128' '@56 sep3x3 64-128'",
    'explain conv3x3 3-256',
    'explain @14x14 dw3x3 512-512 m1 pw 512',
    'run @4x4x2 conv3x3 3 s2 --data ramp --engine reference',
    'run @12x12x3 sep3x3 8 --fuse --format json --engine reference',
  ])('%s', async line => {
    const args = Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, bare]) => quoted ?? bare!);
    const { stdout, stderr, code } = await convcost(args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatchSnapshot();
  });
});
