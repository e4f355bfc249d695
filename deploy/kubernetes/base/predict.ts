// scripts/predict.ts: the mix of the stress-test service

import type { ImagePool } from 'stressrun';
import { check, config, environment, http, image, mix } from 'stressrun';

const standard = image.pool(config.image_sizes.standard); // { width: 640, height: 480 }
const large = image.pool(config.image_sizes.large);

interface Prediction {
  class: string;
  confidence: number;
  box: [x: number, y: number, width: number, height: number];
}

const predict = (photos: ImagePool, returnImage: boolean) => async () => {
  const photo = photos.next(); // one picture: its bytes, its size, what is in it
  const res = await http.post('/predict', { query: { return_image: returnImage }, multipart: { file: photo } });
  check(res, {
    'status is 200': (r) => r.status === 200,
    'finds every object': (r) => environment.truth !== 'shapes' || r.json<Prediction[]>('predictions').length === photo.objects.length,
  });
};

export default mix(
  // the keys must be the same; the row names of the report are these
  {
    health: async () => {
      check(await http.get('/health'), { 'is ok': (r) => r.json<string>('status') === 'ok' });
    },
    predict_no_image: predict(standard, false),
    predict_with_image: predict(standard, true),
    predict_large_image: predict(large, false),
  },
  config.test_mix,
);
