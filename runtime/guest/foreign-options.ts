/** What requests are given elsewhere (k6, Locust, requests, axios, fetch) → what it is called here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  params: "what is in the query is `query`; k6's params are the options themselves: { headers, tags, timeout, … }",
  qs: 'it is `query` here',
  searchParams: 'it is `query` here',
  data: 'a form is `form`, an object `json`, a text or a picture `body`',
  files: 'files go into `multipart`: { multipart: { file: picture } }',
  file: 'files go into `multipart`: { multipart: { file: picture } }',
  image: 'pictures go into `multipart` (as a form field) or are the `body`',
  formData: 'it is `multipart` here',
  method: "the method is the function's name, or the first argument of http.request('GET', url)",
  responseCallback: "the statuses that are no failure are `expect`: [200, 404], '200-299' or (r) => …",
  catch_response: 'what decides whether a request failed is `expect`: (r) => …, or res.fail(reason)',
  validateStatus: "the statuses that are no failure are `expect`: [200, 404], '200-299' or (r) => …",
  responseType: 'there is nothing to choose: res.text(), res.json() and image.inspect(res) read the answer as what it is',
  discardResponseBodies: 'it is `discard` here: true counts the body and keeps nothing of it',
  compress: "it is `compression` here: 'gzip', 'deflate', 'br' or 'zstd'; answers are asked for compressed and come out as they were",
  jar: 'each user has a cookie jar of its own; `cookies` are sent besides',
  redirect: '`redirects` is how many are followed at most; 0 for none',
  maxRedirects: 'it is `redirects` here',
  allow_redirects: 'it is `redirects` here; 0 for none',
  followRedirects: 'it is `redirects` here; 0 for none',
  verify: 'it is tls.verify of the environment in config.yaml',
  timeoutMs: "it is `timeout`: seconds, or a text such as '500ms'",
  retry: 'http.retry(() => http.get(…)) asks again',
  retries: 'http.retry(() => http.get(…), { attempts: 3 }) asks again',
};

/** What to write instead of an option that other tools have; undefined for any other. */
export function foreignOption(key: string): string | undefined {
  return Object.hasOwn(ELSEWHERE, key) ? ELSEWHERE[key] : undefined;
}
