// Inspecting a returned image: the base64 in the JSON is decoded outside the sandbox, only the findings come in.
// That an answer has a picture of the right size is worth more than that its status is 200.
import { check, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 320, height: 240 });

export default async function inspectImage() {
  const photo = photos.next();
  const res = await http.post('/predict', { query: { return_image: true }, multipart: { file: photo } });
  const picture = await image.inspect(res, 'image');
  check(picture, {
    'is a picture': (p) => p.ok,
    'has the size of the upload': (p) => p.ok && p.width === photo.width && p.height === photo.height,
  });
}
