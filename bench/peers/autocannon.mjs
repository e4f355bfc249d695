// autocannon by its API: its command line reads a body as text, which a picture is not. URL, connections, form, type of the form.
import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

const [, , url, connections, form, type] = process.argv;
const upload = form === undefined ? {} : { method: 'POST', body: readFileSync(form), headers: { 'content-type': type } };
autocannon({ url, connections: Number(connections), duration: 3600, ...upload }, () => {});
