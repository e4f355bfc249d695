// npm run bench:peers: stressrun beside the load generators that are installed here, alternating, the same work against the same nginx.
// Installs nothing. --rounds 5 --seconds 5 --warm 3 --only=a,b --works=get,upload,answer
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { killAll, measure, prove } from './peers/measure.js';
import { nginxCommand, startNginx } from './peers/nginx.js';
import { standings, tableOf } from './peers/table.js';
import { TOOLS, USUAL } from './peers/tools.js';
import { WORKS, writeMaterial } from './peers/works.js';

const refuse = (text) => {
  console.error(text);
  process.exit(1);
};

const names = (text, table) => {
  const wanted = text?.split(',') ?? Object.keys(table);
  const unknown = wanted.find((name) => !(name in table));
  if (unknown !== undefined) refuse(`expected some of ${Object.keys(table).join(', ')}; got ${unknown}`);
  return wanted;
};

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '5' },
    warm: { type: 'string', default: '3' },
    only: { type: 'string' },
    works: { type: 'string' },
  },
});
const [rounds, seconds, warmSeconds] = [values.rounds, values.seconds, values.warm].map(Number);
const wantedTools = names(values.only, TOOLS);
const wantedWorks = names(values.works, WORKS);

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const say = (text) => process.stderr.write(`${text}\n`);

/** Those that are installed; the others with how to get them. */
function findTools() {
  const found = wantedTools.map((name) => [name, TOOLS[name].find()]);
  for (const [name, command] of found) if (command === undefined) say(`${name} is not installed: ${TOOLS[name].getIt}`);
  return found.filter(([, command]) => command !== undefined);
}

/** Every tool at every work that was asked for, shown to do it; a tool that does not keeps a row that says so. */
async function proveAll(found, server, material) {
  const rows = [];
  for (const workName of wantedWorks) {
    for (const [name, command] of found.filter(([each]) => (TOOLS[each].works ?? USUAL).includes(workName))) {
      const job = { name: workName, work: WORKS[workName], url: server.url(WORKS[workName].over), material };
      const row = { tool: name, work: workName, task: { tool: TOOLS[name], found: command, job }, values: [], notes: [], isMeasured: true };
      const kept = TOOLS[name].notes?.[workName];
      if (kept !== undefined) row.notes.push(kept);
      await prove(row.task, server).catch((error) => {
        row.isMeasured = false;
        row.notes.push(`not measured: ${error.message}`);
      });
      say(`${workName} ${name}: ${row.isMeasured ? 'does the work' : row.notes.at(-1)}`);
      rows.push(row);
    }
  }
  return rows;
}

async function measureRounds(rows, server) {
  for (let round = 1; round <= rounds; round++) {
    for (const row of rows.filter((each) => each.isMeasured)) {
      try {
        const value = await measure(row.task, server, { warmMs: warmSeconds * 1000, measuredMs: seconds * 1000 });
        row.values.push(value);
        say(`round ${round}/${rounds} ${row.work} ${row.tool}: ${value.cpuUs.toFixed(1)} µs, ${value.perSecond.toFixed(0)}/s`);
      } catch (error) {
        row.isMeasured = false;
        row.notes.push(`round ${round}: ${error.message}`);
        say(`round ${round}/${rounds} ${row.work} ${row.tool}: ${error.message}`);
      }
    }
  }
}

function resultOf(rows) {
  const medians = rows.map(({ tool, work, values: measured, notes }) => {
    const stat = (name) => (measured.length === 0 ? undefined : median(measured.map((each) => each[name])));
    const stats = Object.fromEntries(
      ['cpuUs', 'perSecond', 'peakRssMb', 'connections', 'newConnections'].map((name) => [name, stat(name)]),
    );
    return { work, tool, checks: TOOLS[tool].checks, ...stats, notes, rounds: measured };
  });
  return medians.map((row) => {
    const own = medians.find(({ tool, work }) => tool === 'stressrun' && work === row.work)?.cpuUs;
    return { ...row, ratio: own === undefined || row.cpuUs === undefined ? undefined : row.cpuUs / own };
  });
}

function versionOf(name, command) {
  const { version, runner } = TOOLS[name];
  if (version === undefined) return undefined;
  const { stdout, stderr } = spawnSync(runner?.[0] ?? command, [...(runner === undefined ? [] : [command]), ...version], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  return `${stdout ?? ''}${stderr ?? ''}`.trim().split('\n')[0];
}

function keep(result, found) {
  const machine = { node: process.versions.node, cores: availableParallelism(), cpu: cpus()[0]?.model };
  const versions = Object.fromEntries(found.map(([name, command]) => [name, versionOf(name, command)]));
  const folder = join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `peers-${new Date().toISOString().replaceAll(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify({ machine, versions, rounds, seconds, warmSeconds, ...result }, undefined, 2)}\n`);
  say(`\n${file}`);
}

const nginx = nginxCommand();
if (nginx === undefined) refuse('nginx is not installed, which all are measured against: apt-get install nginx-light');
const found = findTools();
const folder = mkdtempSync(join(tmpdir(), 'bench-peers-'));
let server;
const tidy = () => {
  killAll();
  server?.close();
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
};
process.once('exit', tidy);
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

const material = await writeMaterial(folder);
server = await startNginx(nginx, material);
const rows = await proveAll(found, server, material);
await measureRounds(rows, server);
const result = resultOf(rows);
const targets = [];
for (const work of wantedWorks) {
  const own = result.filter((row) => row.work === work);
  const standing = standings(work, own);
  targets.push(...standing);
  console.log([tableOf(WORKS[work].title, own), ...standing.map(({ text }) => text)].join('\n'));
}
console.log(
  `\nmedians of ${rounds} alternating rounds of ${seconds} s after ${warmSeconds} s of warm-up; checks off: the tool has none, or none that it could do while it runs`,
);
keep({ rows: result, targets }, found);
process.exit(0);
