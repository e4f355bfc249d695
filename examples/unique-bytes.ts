// Unique bytes: every upload differs from every other, so a cache in front of the model cannot answer.
// Pixels are the same ('pixels' would draw anew), so this costs the generator nothing.
import { check, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 640, height: 480, format: 'png', content: 'gradient', variants: 4, unique: 'bytes' });

export default async function uniqueBytes() {
  check(await http.post('/predict', { multipart: { file: photos.next() } }), { 'status is 200': (r) => r.status === 200 });
}
