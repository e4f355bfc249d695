/** All that is said of requests on the wire is said of the second opinion too: the same tests again through undici. */
process.env['STRESSRUN_HTTP_CLIENT'] = 'undici';

await import('../cookies.test.ts');
await import('../decoding.test.ts');
await import('../failures.test.ts');
await import('../hosts.test.ts');
await import('../keep-alive.test.ts');
await import('../names.test.ts');
await import('../phases.test.ts');
await import('../proxy.test.ts');
await import('../redirects.test.ts');
await import('../server-timing.test.ts');
await import('../tls.test.ts');
await import('../tls-settings.test.ts');
await import('../trace.test.ts');
await import('../unix-socket.test.ts');
await import('../vu-http.test.ts');
