// Own pictures: files beside the script, one by name or all that match, resized once before the run.
// They are read by the coordinator; a virtual user has no access to files.
import { check, http, image, random } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const one = image.file('photos/harbour.jpg');
const all = image.folder('photos/*.jpg', { resize: { width: 320, height: 240 } });

export default async function ownPictures() {
  const photo = random.boolean(0.2) ? one : all.next();
  check(await http.post('/predict', { multipart: { file: photo } }), { 'status is 200': (r) => r.status === 200 });
}
