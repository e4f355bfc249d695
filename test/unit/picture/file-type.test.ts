import { expect, test } from 'vitest';
import { fileTypeOf } from '../../../runtime/picture/file-type.ts';

const padded = (text: string, at = 0) => Buffer.concat([Buffer.alloc(at), Buffer.from(text, 'latin1'), Buffer.alloc(200)]);
/** An ISO media file of one box: its size, `ftyp`, the major brand, a version, others. */
const isoOf = (...brands: string[]) => {
  const [first = '', ...rest] = brands;
  const box = Buffer.from(`\0\0\0\0ftyp${first}\0\0\0\0${rest.join('')}`, 'latin1');
  box.writeUInt32BE(box.length, 0);
  return Buffer.concat([box, Buffer.alloc(50)]);
};

test.each([
  ['a jpeg by its bytes, whatever it is called', padded('\xff\xd8\xff\xe0'), 'x.png', 'jpeg', 'image/jpeg'],
  ['a jpeg of 3 bytes', Buffer.from('\xff\xd8\xff', 'latin1'), 'x', 'jpeg', 'image/jpeg'],
  ['a BMP', padded('BM'), 'x', 'bmp', 'image/bmp'],
  ['a HEIC', isoOf('heic', 'mif1'), 'x', 'heic', 'image/heic'],
  ['a HEIC whose first brand is mif1', isoOf('mif1', 'heic'), 'x', 'heic', 'image/heic'],
  ['an AVIF whose first brand is mif1', isoOf('mif1', 'avif'), 'x', 'avif', 'image/avif'],
  ['an AVIF by its profile alone', isoOf('mif1', 'MA1B'), 'x', 'avif', 'image/avif'],
  ['a DICOM', padded('DICM', 128), 'x.img', 'dicom', 'application/dicom'],
  ['an MP4', isoOf('isom', 'mp42'), 'x', 'mp4', 'video/mp4'],
  ['a QuickTime film', isoOf('qt  '), 'x', 'mov', 'video/quicktime'],
  ['a PDF', padded('%PDF-1.7'), 'x', 'pdf', 'application/pdf'],
  ['an array of numpy', padded('\x93NUMPY'), 'x', 'npy', 'application/octet-stream'],
  ['a text by its name', Buffer.from('{}'), 'a/b/x.JSON', 'json', 'application/json'],
  ['an end that nobody knows', Buffer.from('?'), 'weights.onnx', 'onnx', 'application/octet-stream'],
  ['nothing at all', Buffer.alloc(0), 'x', 'bin', 'application/octet-stream'],
])('%s', (_, bytes, name, format, contentType) => {
  expect(fileTypeOf(bytes, name)).toEqual({ format, contentType });
});
