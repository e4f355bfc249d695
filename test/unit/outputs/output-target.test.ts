import { expect, test } from 'vitest';
import { outputTargetsOf, wantsSamples } from '../../../runtime/outputs/output-target.ts';

test('the six kinds of outputs are understood, two of them want every sample', () => {
  const texts = [
    'csv=a.csv',
    'json=b.json.gz',
    'prometheus=http://h:9090/api/v1/write',
    'influxdb=https://u:p%40@h:8086/db',
    'otlp=http://h:4318',
    'metrics=9464',
  ];
  const targets = outputTargetsOf(texts);
  expect(targets).toEqual([
    { kind: 'csv', name: 'csv=a.csv', path: 'a.csv', isGzip: false },
    { kind: 'json', name: 'json=b.json.gz', path: 'b.json.gz', isGzip: true },
    { kind: 'prometheus', name: 'prometheus=h:9090', url: 'http://h:9090/api/v1/write', auth: undefined },
    { kind: 'influxdb', name: 'influxdb=h:8086', url: 'https://h:8086/db', auth: { username: 'u', password: 'p@' } },
    { kind: 'otlp', name: 'otlp=h:4318', url: 'http://h:4318/', auth: undefined },
    { kind: 'metrics', name: 'metrics=9464', host: '127.0.0.1', port: 9464 },
  ]);
  expect(targets.map((target) => wantsSamples([target]))).toEqual([true, true, false, false, false, false]);
});

test('a page may be asked for on any host, IPv6 included', () => {
  expect(outputTargetsOf(['metrics=0.0.0.0:80', 'metrics=[::1]:81'])).toMatchObject([
    { host: '0.0.0.0', port: 80 },
    { host: '::1', port: 81 },
  ]);
});

test('an unknown kind is a 104 that lists all six and names the nearest', () => {
  expect(() => outputTargetsOf(['influx=http://h'])).toThrow(
    expect.objectContaining({
      exitCode: 104,
      message: '--out: expected csv, json, prometheus, influxdb, otlp or metrics; got "influx"',
      hint: 'did you mean -o influxdb=http://localhost:8086/stressrun?',
    }),
  );
});

test.each([
  ['csv', 'expected csv=TARGET'],
  ['json=', 'expected json=TARGET'],
  ['otlp=collector:4318', 'expected otlp=URL'],
  ['prometheus=ftp://h', 'expected prometheus=URL'],
  ['metrics=65536', 'expected metrics=[HOST:]PORT'],
  ['metrics=localhost', 'expected metrics=[HOST:]PORT'],
])('%s is a 104: %s', (text, words) => {
  expect(() => outputTargetsOf([text])).toThrow(
    expect.objectContaining({ exitCode: 104, message: expect.stringContaining(words) as string }),
  );
});

test('a URL that is none is not repeated: it may hold a password', () => {
  expect(() => outputTargetsOf(['prometheus=//u:hunter2@h'])).toThrow(
    expect.objectContaining({ message: expect.not.stringContaining('hunter2') as string }),
  );
});

test.each([
  ['prometheus=http://u:p%zzhunter2@host/', 'prometheus=URL: expected a password encoded for a URL'],
  ['otlp=http://u%:hunter2@host/', 'otlp=URL: expected a user name encoded for a URL'],
])('%s is a 104 of one line that says how to write a %, without the password', (text, words) => {
  expect(() => outputTargetsOf([text])).toThrow(
    expect.objectContaining({ exitCode: 104, message: `--out: ${words}; got a % that encodes nothing`, hint: 'write % as %25' }),
  );
});
