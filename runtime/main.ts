#!/usr/bin/env node
import { runCli } from './cli/run-cli.ts';
import { exitCodeAfter, flushed, surviveClosedPipe } from './cli/streams.ts';

const { stdout, stderr, env } = process;
const written = surviveClosedPipe(stdout);
surviveClosedPipe(stderr);
process.exitCode = 1; // should nothing be left to wait for before the end below, that is a fault and no success
const leave = (exitCode: number): void => process.exit(exitCode);
const onExit = (callback: () => void): void => void process.once('exit', callback);
const learnVariables = (values: Readonly<Record<string, string>>): void => void Object.assign(env, values);
const exitCode = await runCli({
  argv: process.argv.slice(2),
  env,
  folder: process.cwd(),
  learnVariables,
  stdout,
  stderr,
  signals: process,
  leave,
  onExit,
});
await Promise.all([flushed(stdout), flushed(stderr)]);
leave(exitCodeAfter(exitCode, written, stderr));
