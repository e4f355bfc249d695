import { OPTIONS, optionsOf } from '../commands/all.ts';
import type { Command } from '../commands/command.ts';
import { type Option, variableOf } from '../commands/option.ts';
import type { TypedValues } from '../commands/typed-values.ts';
import { guessOf } from '../config/unknown-name.ts';
import { ConfigError } from '../core/errors.ts';

const PREFIX = 'STRESSRUN_';
/** Set by stressrun itself for the target it starts; a secret, which no flag may be; and what goes before the environment's `http_client`. */
const OWN_VARIABLES: readonly string[] = ['STRESSRUN_TARGET_OPTIONS', 'STRESSRUN_UI_TOKEN', 'STRESSRUN_HTTP_CLIENT'];
const SETTABLE = OPTIONS.filter((option) => option.isFlagOnly !== true);

/**
 * The STRESSRUN_* variables as if they had been typed. An empty one is not set; a list is comma-separated, except STRESSRUN_ENV,
 * which is one environment or one KEY=VALUE. Those of other commands are left out; unknown ones are a warning, for they may be of another version.
 * @throws {ConfigError} when a switch is neither on nor off
 */
export function readVariables(
  env: Readonly<Record<string, string | undefined>>,
  command: Command,
): { values: TypedValues; warnings: string[] } {
  const values: Record<string, readonly string[] | boolean> = {};
  const warnings: string[] = [];
  const links = serviceLinksIn(env);
  if (links.length > 0)
    warnings.push(
      `${links.join(', ')}: Kubernetes sets ${links.length === 1 ? 'it' : 'these'} for a Service called stressrun, so no flag is read from ${links.length === 1 ? 'it' : 'them'}; enableServiceLinks: false leaves them out`,
    );
  for (const [variable, text] of Object.entries(env)) {
    if (!variable.startsWith(PREFIX) || OWN_VARIABLES.includes(variable) || links.includes(variable)) continue;
    const option = SETTABLE.find((candidate) => variableOf(candidate) === variable);
    if (option === undefined) warnings.push(`the variable ${variable} sets no flag${guessOf(variable, SETTABLE.map(variableOf))}`);
    else if (text !== undefined && text !== '' && optionsOf(command).includes(option))
      values[option.name] = readValue(option, variable, text);
  }
  return { values, warnings };
}

/** Service links of Kubernetes: `STRESSRUN_PORT=tcp://…`, `STRESSRUN_SERVICE_HOST`, `STRESSRUN_PORT_8089_TCP_ADDR` and so on, in every pod beside a Service of our name. */
function serviceLinksIn(env: Readonly<Record<string, string | undefined>>): string[] {
  const isLink = ([name, text = '']: [string, string | undefined]): boolean =>
    name.startsWith(PREFIX) &&
    (/^(?:tcp|udp|sctp):\/\//i.test(text) || /^STRESSRUN_(?:.+_)?(?:SERVICE_(?:HOST|PORT)|PORT_\d+_(?:TCP|UDP|SCTP))(?:_\w+)?$/.test(name));
  return Object.entries(env)
    .filter(isLink)
    .map(([name]) => name);
}

function readValue(option: Option, variable: string, text: string): readonly string[] | boolean {
  if (option.kind === 'switch') return switchValueOf(variable, text);
  if (option.kind !== 'list' || option.name === 'env') return [text];
  return text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function switchValueOf(variable: string, text: string): boolean {
  const lower = text.toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(lower)) return true;
  if (['0', 'false', 'no', 'off'].includes(lower)) return false;
  throw new ConfigError(variable, `expected 1, true, yes, on, 0, false, no or off; got ${JSON.stringify(text)}`);
}
