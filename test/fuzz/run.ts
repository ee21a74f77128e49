// Ten thousand damaged files (and a third as many sound ones that make no sense): each is counted or refused with a code, in less than two seconds, and the whole
// run stays below 300 MB. Usage: npm run fuzz -- [rounds] [seed]
import { readFileSync } from 'node:fs';
import { randomModel } from './graphs.js';
import { mutate, seededRandom, tryToCount } from './onnx.js';

const rounds = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const mostMegabytes = 300;

const files = ['shufflenet_v2_x1_0', 'zoo2d_explicit', 'efficientnet_b0.dynbatch'].map(name =>
  readFileSync(`test/golden/${name}.onnx`),
);
const random = seededRandom(seed);
const codes = new Map<string, number>();
const problems: string[] = [];
for (let round = 0; round < rounds + Math.floor(rounds / 3); round++) {
  const file = round < rounds ? mutate(files[round % files.length]!, random) : randomModel(random);
  const { code, problem } = await tryToCount(file);
  codes.set(code, (codes.get(code) ?? 0) + 1);
  if (problem) problems.push(`round ${round}: ${problem}`);
}
const megabytes = process.resourceUsage().maxRSS / 1000;
if (megabytes > mostMegabytes) problems.push(`the run took ${megabytes.toFixed(0)} MB`);

for (const [code, count] of [...codes].sort((a, b) => b[1] - a[1]))
  console.log(`${String(count).padStart(7)}  ${code}`);
console.log(`seed ${seed}, ${rounds} rounds, ${megabytes.toFixed(0)} MB, ${problems.length} problems`);
for (const problem of problems.slice(0, 10)) console.log(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
