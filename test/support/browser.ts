import { connect, createServer, type Server, type Socket } from 'node:net';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { isLeftOutWithout, programOf } from './needs.ts';

const CHROMIUM = programOf('chromium');

export const isWithoutBrowser = isLeftOutWithout('chromium');

export function startBrowser(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error('expected Chromium; install it, or name it by the variable CHROMIUM');
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
}

/** What the page complains of: errors of its scripts and of the console. */
export function complaintsOf(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}

interface AxeResult {
  readonly passes: readonly unknown[];
  readonly violations: readonly { id: string; impact: string; nodes: readonly { target: string[]; failureSummary: string }[] }[];
}

/** Serious and critical faults for people with disabilities, in words. @throws when nothing was looked at */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const { passes, violations } = (await page.evaluate(`${axe.source}; axe.run(document)`)) as AxeResult;
  if (passes.length === 0) throw new Error('axe found nothing to look at');
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary}`).join('; ')}`);
}

/** A way to a local server that can be cut. */
export interface CuttableWay {
  readonly port: number;
  /** Ends all connections, and refuses new ones until `restore`. */
  cut(): void;
  restore(): void;
  close(): void;
}

export async function cuttableWayTo(port: number): Promise<CuttableWay> {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server: Server = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const onward = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      sockets.add(one);
      one.on('error', () => other.destroy()).on('close', () => sockets.delete(one) && other.destroy());
      one.pipe(other);
    }
  });
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle));
  const drop = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as { port: number }).port,
    cut: () => {
      isCut = true;
      drop();
    },
    restore: () => {
      isCut = false;
    },
    close: () => {
      drop();
      server.close();
    },
  };
}
