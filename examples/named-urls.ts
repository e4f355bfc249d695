// Named URLs: a path with an id in it would be a row of its own for every id; a template names itself by its pattern.
// All of these are the row /models/${} in the report, and those with a name are the row they name.
import { check, http, random } from 'stressrun';

export const options = { vus: 2, duration: '2s' };

export default async function namedUrls() {
  const id = random.integer(1, 1000);
  const byTemplate = await http.get(http.url`/models/${id}`, { expect: [200, 404] }); // the demo server has no models
  const byName = await http.get(`/models/${id}/labels`, { name: 'labels of a model', expect: [200, 404] });
  check([byTemplate, byName], { 'both were expected': (both) => both.every((each) => each.ok) });
}
