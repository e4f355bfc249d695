// A steady load of small and larger answers, for hours: each user asks ten times a second.
import { check, http, image, metrics, pace } from 'stressrun';

const photos = image.pool({ width: 160, height: 120, variants: 4 });
const looked = metrics.counter('looked');

export default async function () {
  pace('100ms');
  const res = await http.post('/work', { multipart: { file: photos.next() }, timeout: '1s' });
  if (res.status === 200) check(res, { 'has its text': (r) => r.json<string>('text').length === 20_000 });
  looked.add(1);
}
