// What `import 'stressrun'` gives outside of a run: there is no load to be made without the runner.
throw new Error('stressrun: scripts run under the stressrun command (`npx stressrun script.ts`), not under node');
