// Bodies of other kinds: several pictures in one field, a JSON part, bytes of an answer sent on, bytes made in the script.
// What is sent stays outside the script; it holds names and lengths only.
import { bytes, check, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.folder('photos/*.jpg', { unique: 'bytes' });
const header = bytes(new Uint8Array([0xff, 0xd8, 0xff])); // made once, at module level

export default async function bodies() {
  const batch = await http.post('/predict', {
    multipart: {
      files: [photos.next(), { file: photos.next(), filename: 'second.jpg', type: 'image/jpeg' }],
      meta: { json: { camera: 3 } },
    },
    name: '/predict (batch)',
  });
  check(batch, { 'answers for both': (r) => r.json<unknown[]>('results').length === 2 });

  const frame = (await http.get('/video?frames=1', { name: '/video' })).bytes();
  const picture = frame.slice(frame.toUint8Array().findIndex((byte, i, all) => byte === 0xff && all[i + 1] === 0xd8));
  check(await http.post('/predict', { multipart: { file: { file: picture, filename: 'frame.jpg' } }, name: '/predict (frame)' }), {
    'takes the frame of another answer': (r) => r.status === 200,
  });

  const broken = await http.post('/predict', { multipart: { file: header }, expect: [415, 422], name: '/predict (broken)' });
  check(broken, { 'refuses a broken picture': (r) => r.ok });
}
