// Wrong answers: a status of 200 says nothing of what is in it. `expect` as a function decides, and gives the reason.
// What it refuses is a failed request in rows, thresholds, errors and failures.csv; res.fail(reason) says so later on.
import { http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const photos = image.pool({ width: 320, height: 240 });

export default async function () {
  const photo = photos.next();
  const res = await http.post('/predict', {
    query: { return_image: true },
    multipart: { file: photo },
    expect: (r) => r.status === 200 && r.json('predictions').length === photo.objects.length,
  });
  const picture = await image.inspect(res, 'image');
  if (res.ok && !picture.ok) res.fail(`the picture that came back cannot be read: ${picture.reason}`);
}
