// scripts/upload-large.ts: large pictures only, each different in its bytes, so that no cache on the way can answer
import { check, config, environment, http, image } from 'stressrun';

const photos = image.pool({ ...config.image_sizes.large, unique: 'bytes' });

export default async function uploadLarge() {
  const photo = photos.next();
  const res = await http.post('/predict', { query: { return_image: false }, multipart: { file: photo }, name: '/predict (large)' });
  check(res, {
    'status is 200': (r) => r.status === 200,
    'finds every object': (r) => environment.truth !== 'shapes' || r.json<unknown[]>('predictions').length === photo.objects.length,
  });
}
