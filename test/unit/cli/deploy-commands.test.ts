import { expect, test } from 'vitest';
import { parseArgs } from '../../../runtime/cli/parse-args.ts';

const parse = (line: string) => parseArgs(line.split(' '), {});

test('init takes a folder or none, and what npm installs stressrun from', () => {
  expect(parse('init')).toMatchObject({ command: 'init', folder: '.' });
  expect(parse('init shop-tests --package stressrun@0.2.0')).toMatchObject({ folder: 'shop-tests', packageSpec: 'stressrun@0.2.0' });
  expect(() => parse('init one two')).toThrow('init: expected one folder, such as "stressrun init shop-tests"; got "one" and "two"');
});

test('k8s takes the flags of a run, and 6 of its own', () => {
  expect(
    parse(
      'k8s a.ts -e k8s -p load --image x:1 --namespace load --target-pods app=a,b=c --target-port 8000 --results-claim runs --files image',
    ),
  ).toMatchObject({
    command: 'k8s',
    flags: { script: 'a.ts', environment: 'k8s', profile: 'load' },
    cluster: { image: 'x:1', namespace: 'load', targetPods: 'app=a,b=c', targetPort: '8000', resultsClaim: 'runs', files: 'image' },
  });
  expect(() => parse('k8s')).toThrow('k8s: expected the path of one script');
  expect(() => parse('run a.ts --image x:1')).toThrow('got "--image", which is one of "stressrun k8s"');
});
