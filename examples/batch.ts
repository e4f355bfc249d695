// Batch: several requests at once, as a page does; the answers come in the order asked.
// A single item is a path, a tuple or an object.
import { check, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 320, height: 240 });

export default async function batch() {
  const answers = await http.batch([
    '/health',
    ['POST', '/predict', { multipart: { file: photos.next() } }],
    { method: 'POST', url: '/predict', options: { query: { return_image: true }, multipart: { file: photos.next() } } },
  ]);
  check(answers, {
    'three answers': (all) => all.length === 3,
    'all are good': (all) => all.every((each) => each.ok),
    'only the last has an image': (all) => all.map((each) => each.json('image') !== undefined).join() === 'false,false,true',
  });
}
