// Groups: what belongs together has one name in the report, and its duration is measured as a whole.
// The name follows awaits, also when two groups run at the same time.
import { check, group, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 320, height: 240 });

export default async function groups() {
  await group('look', async () => {
    check(await http.get('/health'), { 'is up': (r) => r.ok });
  });
  await Promise.all([
    group('plain', async () => http.post('/predict', { multipart: { file: photos.next() } })),
    group('drawn', async () => http.post('/predict', { query: { return_image: true }, multipart: { file: photos.next() } })),
  ]);
}
