// Users and bytes that take memory: users that sleep or hold a connection, answers of 20 MB, photos of 4 MB.
import { check, env, http, image, sleep } from 'stressrun';

const photos = env['WORK'] === 'photos' ? image.folder(`${env['PHOTOS']}/*.jpg`) : undefined;

export default async function () {
  if (env['WORK'] === 'answers') check(await http.get('/answer'), { whole: (r) => r.json('last') === 'end' });
  else if (photos !== undefined) await http.post('/upload', { multipart: { file: photos.next() } });
  else {
    if (env['WORK'] === 'connected') await http.get('/health');
    await sleep(3600);
  }
}
