import type { Option } from '../option.ts';

/** The web UI. */
export const WATCHED: readonly Option[] = [
  {
    name: 'ui',
    kind: 'optional',
    value: '[HOST:]PORT',
    bare: '',
    follows: /^(?:[^\s/=]*:)?\d{1,5}$/,
    description:
      'web UI while the run goes on, at 127.0.0.1:8089 or here; any other host needs the token that is printed, or STRESSRUN_UI_TOKEN',
    example: '--ui=0.0.0.0:8089',
  },
  {
    name: 'base-path',
    kind: 'text',
    value: 'PATH',
    description: 'path of the web UI behind a reverse proxy, which may take it away or leave it',
    example: '--base-path /load',
  },
  {
    name: 'trust-proxy',
    kind: 'switch',
    description: 'a reverse proxy stands before the web UI: any Host, X-Forwarded-Host, -Proto and -Prefix count, and a token is needed',
    example: '--trust-proxy',
  },
  {
    name: 'autostart',
    kind: 'switch',
    description: 'start at once, without anybody pressing Start in the web UI (a run does in any case)',
    example: '--autostart',
  },
  {
    name: 'autoquit',
    kind: 'optional',
    value: 'SECONDS',
    bare: '0',
    follows: /^\d+(?:\.\d+)?s?$/,
    description: 'with the web UI: end so many seconds after the run, not at Ctrl-C',
    example: '--autoquit 10',
  },
];

/** Of a run alone. */
export const HEADLESS: Option = {
  name: 'headless',
  kind: 'switch',
  description: 'no web UI, whatever STRESSRUN_UI says',
  example: '--headless',
};
