import { expect, test } from 'vitest';
import { withoutUserinfo } from '../../../runtime/core/url-text.ts';

test.each([
  ['http://bob:s3cret@127.0.0.1:9101/private', 'http://127.0.0.1:9101/private'],
  ['HTTPS://token@host/a@b?x=c@d', 'HTTPS://host/a@b?x=c@d'],
  ['http://host/a:b@c', 'http://host/a:b@c'],
  ['/predict?mail=a@b', '/predict?mail=a@b'],
  ['http://a@b:c@host/x', 'http://host/x'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutUserinfo(url)).toBe(shown);
});
