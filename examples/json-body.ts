// JSON bodies: an object is sent as it is; picture.base64() is for APIs that take pictures inside JSON.
// The demo server takes multipart only, and says so with a 415, which is expected here.
import { check, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 64, height: 64, variants: 2 });

export default async function jsonBody() {
  const photo = photos.next();
  const res = await http.post('/predict', { json: { name: photo.id, image: photo.base64() }, expect: 415 });
  check(res, { 'asks for multipart': (r) => r.json<string>('error').includes('multipart/form-data') });
}
