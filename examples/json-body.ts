// JSON bodies: an object is sent as it is; a picture in it becomes base64, its dataUrl a data URL.
// They are put in outside the script, so pictures of any size cost it nothing.
import { check, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 640, height: 480, variants: 4 });

export default async function jsonBody() {
  const photo = photos.next();
  const one = await http.post('/predict', { json: { name: photo.id, image: photo } });
  check(one, { 'finds every object': (r) => r.json<unknown[]>('predictions').length === photo.objects.length });
  const two = await http.post('/predict', { json: { images: [photos.at(0).dataUrl, photos.at(1).dataUrl] }, name: '/predict (two)' });
  check(two, { 'answers for both': (r) => r.json<unknown[]>('results').length === 2 });
}
