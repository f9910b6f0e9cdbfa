/** The look of HQ's pages: read by anybody, changed by an admin, refused where it could not be read. */
import { expect, test } from 'vitest';
import { openCloud, QUICK } from '../kit/cloud.ts';

const PNG =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';

test('the plain look is revision 0; a change needs it; a pale colour, a JPEG and 33 KB are refused by field', async () => {
  const cloud = await openCloud(QUICK, { world: null });
  try {
    const url = `${cloud.url}/api/v1/branding`;
    const open = await fetch(url);
    expect(await open.json()).toEqual({ name: 'Counterfoil', colour: '#0b6e4f', markPng: null, revision: 0 });
    const put = async (draft: object, revision?: number, token = cloud.token) => {
      const answer = await fetch(url, {
        method: 'PUT',
        headers: {
          Authorization: `Bearer ${token}`,
          'Content-Type': 'application/json',
          ...(revision === undefined ? {} : { 'If-Match': `"${revision}"` }),
        },
        body: JSON.stringify({ name: 'Tea House', colour: '#7a1f3d', markPng: PNG, ...draft }),
      });
      const body = (await answer.json()) as { kind?: string; errors?: { path: string }[]; revision?: number };
      return [answer.status, body.kind ?? body.revision, ...(body.errors ?? []).map(({ path }) => path)];
    };
    expect(await put({})).toEqual([428, 'revision_needed', 'if-match']);
    expect(await put({}, 0, 'nobody')).toEqual([401, 'unauthorized']);
    expect(await put({ colour: '#ffe14d' }, 0)).toEqual([422, 'too_light', 'colour']);
    expect(await put({ colour: 'red' }, 0)).toEqual([400, 'bad_request', 'colour']);
    expect(await put({ markPng: Buffer.from('\xff\xd8\xff\xe0 a JPEG').toString('base64') }, 0)).toEqual([
      422,
      'not_png',
      'markPng',
    ]);
    expect(await put({ markPng: Buffer.alloc(33 * 1024).toString('base64') }, 0)).toEqual([
      422,
      'too_large',
      'markPng',
    ]);
    expect(await put({}, 0)).toEqual([200, 1]);
    expect(await put({ name: 'Late' }, 0)).toEqual([412, 'changed']);
    expect(await put({ name: 'Tea & House' }, 1)).toEqual([200, 2]);
    expect(await (await fetch(url)).json()).toMatchObject({ name: 'Tea & House', markPng: PNG, revision: 2 });
    expect((await fetch(url, { headers: { 'If-None-Match': '"2"' } })).status).toBe(304);
  } finally {
    await cloud.close();
  }
}, 30_000);
