// Mix: each iteration is one of several tasks, drawn in the exact proportions of the weights.
// The weights come from config.yaml, so a team changes them without touching code; the keys must be the same.
import { check, config, http, image, mix } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 320, height: 240 });

export default mix(
  {
    health: async () => {
      check(await http.get('/health'), { 'is ok': (r) => r.json<string>('status') === 'ok' });
    },
    predict: async () => {
      check(await http.post('/predict', { multipart: { file: photos.next() } }), { 'status is 200': (r) => r.status === 200 });
    },
  },
  config.test_mix,
);
