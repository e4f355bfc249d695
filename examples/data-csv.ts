// Data: rows of a file, shared by all users; next() gives no row twice until all have been given.
// The first line names the columns.
import { check, data, http } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

const cameras = data.csv<{ camera: string; place: string }>('cameras.csv');

export default async function dataCsv() {
  const row = cameras.next();
  const res = await http.get('/health', { query: { camera: row.camera }, headers: { 'x-place': row.place }, tags: { camera: row.camera } });
  check(res, { 'status is 200': (r) => r.status === 200 });
}
