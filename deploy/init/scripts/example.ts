// One user sends pictures to a model and looks at what it answers.
import { check, config, environment, http, image, mix } from 'stressrun';

const photos = image.pool(config.image_sizes.standard);

interface Prediction {
  class: string;
  confidence: number;
}

/** `npx stressrun scripts/example.ts` alone runs this; a profile (`--profile smoke`) or flags replace it. */
export const options = { vus: 5, duration: '10s' };

export default mix(
  {
    health: async () => {
      const res = await http.get('/health');
      check(res, { 'is ok': (r) => r.json<string>('status') === 'ok' });
    },
    predict: async () => {
      const photo = photos.next();
      const res = await http.post('/predict', { multipart: { file: photo } });
      check(res, {
        'status is 200': (r) => r.status === 200,
        // the built-in server knows what is in the pictures it is sent
        'finds every object': (r) => environment.truth !== 'shapes' || r.json<Prediction[]>('predictions').length === photo.objects.length,
      });
    },
  },
  config.test_mix,
);
