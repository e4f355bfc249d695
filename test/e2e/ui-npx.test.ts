import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { REPOSITORY } from '../support/cli.ts';
import { temporaryFolder } from '../support/project.ts';

const started: number[] = [];
afterEach(() => {
  for (const pid of started.splice(0)) {
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // the whole group is gone, as it should be
    }
  }
});

/** What npx does: a shell below it runs the command, with npx's word in the variables. */
const NPX = "require('node:child_process').spawn('sh', ['-c', process.env.COMMAND], { stdio: 'inherit' })";

/** A parent in a group of its own with `stressrun ui` below it, and the address of the pages. */
async function uiBelow(command: string): Promise<{ pid: number; address: string }> {
  const ui = `"${process.execPath}" "${join(REPOSITORY, 'dist/main.js')}" ui --port 0 --run-dir "${temporaryFolder()}"`;
  const parent = spawn(process.execPath, ['-e', NPX], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], COMMAND: `${ui}${command}`, npm_command: 'exec' },
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  });
  const pid = parent.pid ?? 0;
  started.push(pid);
  const address = await new Promise<string>((settle, reject) => {
    let text = '';
    parent.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const match = /web UI: (http:\S+)/.exec(text);
      if (match !== null) settle(match[1] ?? '');
    });
    parent.once('exit', () => reject(new Error(`it ended: ${text}`)));
  });
  return { pid, address };
}

const answers = async (address: string): Promise<boolean> => {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
};

test.each([
  ['the command itself below npx', ''],
  ['a shell between npx and the command', '; true'],
])(
  '%s: npx killed outright takes the web UI with it',
  async (_, command) => {
    const { pid, address } = await uiBelow(command);
    expect(await answers(address)).toBe(true);
    process.kill(pid, 'SIGKILL');
    await expect.poll(() => answers(address), { timeout: 30_000 }).toBe(false);
  },
  60_000,
);
