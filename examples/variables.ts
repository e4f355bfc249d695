// Variables: given by -e KEY=VALUE, such as  stressrun examples/variables.ts --env demo -e SIZE=standard
// The sandbox has no process.env; what a script may know is what the command line says.
import { check, config, env, http, image } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const size = config.image_sizes[env['SIZE'] ?? 'small'];
if (size === undefined) throw new Error(`SIZE: expected one of ${Object.keys(config.image_sizes).join(', ')}; got ${env['SIZE']}`);
const photos = image.pool({ ...size, quality: Number(env['QUALITY'] ?? 85) });

export default async function variables() {
  check(await http.post('/predict', { multipart: { file: photos.next() } }), { 'status is 200': (r) => r.status === 200 });
}
