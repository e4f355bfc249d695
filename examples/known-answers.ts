// Known answers: the pictures of a pool have coloured shapes at known places, so the model's answer can be judged.
// Against a target that knows nothing of shapes, environment.truth is empty and the checks say nothing.
import { check, environment, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

interface Prediction {
  class: string;
  confidence: number;
  box: [x: number, y: number, width: number, height: number];
}

const photos = image.pool({ width: 640, height: 480, variants: 8 });

export default async function knownAnswers() {
  const photo = photos.next();
  const res = await http.post('/predict', { multipart: { file: photo } });
  if (environment.truth !== 'shapes') return;
  const expected = photo.objects.map((object) => object.class).sort();
  check(res, {
    'finds every object': (r) => r.json<Prediction[]>('predictions').length === expected.length,
    'names them right': (r) =>
      r
        .json<Prediction[]>('predictions')
        .map((each) => each.class)
        .sort()
        .join() === expected.join(),
  });
}
