import { z } from 'zod';
import { booleanField, refuse, section, textField } from './schema-fields.ts';

const PEM = 'the path of a PEM file, relative to config.yaml';
const pemFile = textField(PEM);
const passphrase = textField('the passphrase of the key').meta({
  description: 'Of the key, when it is encrypted; better a variable than written out.',
});
const HOST = 'a host name such as "api.example.com" or "*.example.com", or an address';
const certHost = z.string({ error: HOST }).regex(/^(?:(?:\*\.)?[\w-]+(?:\.[\w-]+)*|[\da-fA-F:.]+)$/, { error: HOST });

const clientCert = section({
  hosts: z.array(certHost, { error: 'a list of hosts' }).min(1, { error: 'a list of at least one host' }),
  cert: pemFile,
  key: pemFile,
  passphrase: passphrase.optional(),
});

/** `tls` of an environment. */
export const tlsSchema = section({
  ca: pemFile.meta({ description: 'PEM file of the authorities that are trusted in place of the public ones.' }).optional(),
  extra_ca: pemFile.meta({ description: 'PEM file of authorities that are trusted beside the public ones.' }).optional(),
  cert: pemFile.meta({ description: 'PEM file of the certificate that is shown to the host of base_url.' }).optional(),
  key: pemFile.optional(),
  passphrase: passphrase.optional(),
  client_certs: z
    .array(clientCert, { error: 'a list of { hosts, cert, key, passphrase }' })
    .meta({ description: 'Certificates that are shown to these hosts; they go before cert.' })
    .optional(),
  verify: booleanField.meta({ description: 'false accepts any certificate. Default true.' }).optional(),
  server_name: textField('a host name')
    .meta({ description: 'Of the host of base_url: what it is asked for by, and what its certificate must be for. Default its host.' })
    .optional(),
  min_version: z
    .union([z.literal(['1.2', '1.3']), z.literal([1.2, 1.3])], { error: 'one of 1.2, 1.3' })
    .meta({ description: 'Lowest version of TLS that is spoken. Default 1.2.' })
    .optional(),
  alpn: booleanField.meta({ description: 'false: the handshake names no protocol. Default true: http/1.1.' }).optional(),
  session_resumption: booleanField
    .meta({
      description:
        'true: new connections of a user resume the TLS session of its last one to that origin, as browsers do. Default false: each makes a whole handshake, as in k6.',
    })
    .optional(),
}).superRefine((value, context) => {
  if ((value.cert === undefined) !== (value.key === undefined))
    refuse(context, [value.cert === undefined ? 'cert' : 'key'], 'expected cert and key together; got one of them');
  if (value.passphrase !== undefined && value.key === undefined)
    refuse(context, ['passphrase'], 'expected a key that it is the passphrase of; got none');
  if (value.ca !== undefined && value.extra_ca !== undefined)
    refuse(context, ['extra_ca'], 'expected one of ca (in place of the public authorities) and extra_ca (beside them); got both');
});
