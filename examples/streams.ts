// Streams: an answer that comes token by token (OpenAI-style chat), and a camera that never stops.
// Times count from when a request was due, and hanging up is a success.
import { check, http, mix } from 'stressrun';

export const options = {
  vus: 2,
  duration: '4s',
  thresholds: {
    max_first_token_p95: '5s', // from due
    min_goodput: '50%', // of the streams with goals
  },
};

export default mix(
  {
    chat: async () => {
      const stream = await http.stream('/v1/chat/completions', {
        json: { model: 'demo', messages: [{ role: 'user', content: 'What is in the picture?' }], stream: true, max_tokens: 12 },
        as: 'openai-chat',
        goals: { firstToken: '5s', perToken: '1s' }, // a stream that keeps both is a good one
      });
      const { ok, tokens, text } = await stream.done();
      check(text, { 'has an answer': (said) => ok && tokens === 12 && said.length > 0 });
    },
    camera: async () => {
      const stream = await http.stream('/video', { query: { frames: 1000 }, stallAfter: '500ms' });
      let frames = 0;
      for await (const { type } of stream) if (type === 'image/jpeg' && ++frames === 10) break; // hangs up: a success
      check(frames, { 'ten frames': (n) => n === 10 });
    },
  },
  { chat: 3, camera: 1 },
);
