/** Facts about members by the API, on both stores: custom fields, tags and their rules, events and visitors, the timeline. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eraseFacts, exportFacts, moveFacts, returnFacts } from '../../cloud/facts/move.ts';
import { ENGINES, openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { storeSales } from '../kit/sale-rows.ts';

const [ann, ben, cat, dan, eve] = smallWorld().members.map(({ id }) => id) as [
  string,
  string,
  string,
  string,
  string,
];
const DAY = 86_400_000;

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  let nowMs: number;
  beforeAll(async () => {
    // The demo's own tags would stand among ours.
    const world = smallWorld();
    const members = world.members.map(({ tags: _tags, ...member }) => member);
    cloud = await openCloud(engine, { world: { ...world, members } });
    nowMs = cloud.clock.nowMs();
  });
  afterAll(() => cloud.close());

  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(new URL(`/api/v1/${path}`, cloud.url), {
      method,
      headers: {
        authorization: `Bearer ${cloud.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const good = async (method: string, path: string, body?: unknown) => {
    const answer = await ask(method, path, body);
    expect([path, answer.status, answer.body.detail]).toEqual([path, 200, undefined]);
    return answer.body;
  };
  const refusal = async (method: string, path: string, body?: unknown) => {
    const { status, body: problem } = await ask(method, path, body);
    return `${status} ${problem.kind} ${problem.errors?.[0]?.path ?? ''}`.trim();
  };
  const count = async (rule: object) => (await good('POST', 'segments/count', { rule })).members;
  const field = (name: string, op: string, rest: object = {}) => ({
    source: 'field',
    field: name,
    op,
    ...rest,
  });
  const event = (eventId: string, facts: object) => ({
    eventId,
    kind: 'browse',
    subject: 'P1',
    atMs: nowMs,
    ...facts,
  });
  const tags = async (memberId: string) =>
    (await good('GET', `members/${memberId}/tags`)).tags.map((one: { tag: string }) => one.tag).join(' ');
  const timeline = async (memberId: string, query = '') =>
    (await good('GET', `members/${memberId}/timeline?${query}`)).entries as {
      kind: string;
      id: string;
      atMs: number;
      data: Record<string, unknown>;
    }[];

  describe('custom fields', () => {
    test('seven types are made without code, filled, and asked for by segments at once', async () => {
      const make = (id: string, body: object) => good('POST', `custom-fields/${id}`, { name: id, ...body });
      expect(await make('shoe', { type: 'number', limits: { min: 30, max: 50, decimals: 1 } })).toMatchObject(
        {
          id: 'shoe',
          type: 'number',
          revision: 1,
          retired: false,
          updatedBy: 'owner',
        },
      );
      await make('nick', { type: 'text', names: { 'zh-CN': '昵称' } });
      await make('budget', { type: 'money', limits: { currency: 'CNY' } });
      await make('wed', { type: 'date' });
      await make('pets', { type: 'boolean' });
      await make('skin', { type: 'choice', options: ['dry', 'oily'] });
      await make('likes', { type: 'choices', options: ['red', 'blue', 'green'] });
      const values = {
        shoe: 38.5,
        nick: '小安',
        budget: 125_000,
        wed: '2020-02-29',
        pets: true,
        skin: 'dry',
        likes: ['red', 'blue'],
      };
      expect(await good('PATCH', `members/${ann}/fields`, { values })).toEqual({ applied: 7 });
      expect(await good('PATCH', `members/${ann}/fields`, { values })).toEqual({ applied: 0 });
      const shown = await good('GET', `members/${ann}/fields`);
      expect(
        Object.fromEntries(
          shown.fields.map((one: { fieldId: string; value: unknown }) => [one.fieldId, one.value]),
        ),
      ).toEqual(values);
      await good('PATCH', 'member-fields', {
        rows: [
          { memberId: ben, values: { shoe: 44, likes: ['blue'] } },
          { memberId: cat, values: { skin: 'oily' } },
        ],
      });
      const picks: [object, number][] = [
        [field('shoe', 'between', { from: 38, to: 40 }), 1],
        [field('budget', 'gte', { value: 125_000 }), 1],
        [field('wed', 'before', { value: '2021-01-01' }), 1],
        [field('pets', 'is', { value: true }), 1],
        [field('likes', 'in', { values: ['blue'] }), 2],
        [field('skin', 'ne', { value: 'dry' }), 1],
        [field('nick', 'starts_with', { value: '小' }), 1],
        [field('shoe', 'empty'), 8],
      ];
      for (const [rule, members] of picks) expect([rule, await count(rule)]).toEqual([rule, members]);
    });

    test('fewer values of one field and none at all are fewer rows; a value taken away is not found', async () => {
      expect(
        await good('PATCH', `members/${ann}/fields`, { values: { likes: ['green'], pets: null } }),
      ).toEqual({ applied: 2 });
      expect(await count(field('likes', 'in', { values: ['red'] }))).toBe(0);
      expect(await count(field('pets', 'not_empty'))).toBe(0);
    });

    test.each<[string, string, string, string, unknown]>([
      ['a definition twice', '409 id_taken', 'POST', 'custom-fields/shoe', { name: 'x', type: 'text' }],
      [
        'an id with capitals',
        '400 bad_request fieldId',
        'POST',
        'custom-fields/Shoe',
        { name: 'x', type: 'text' },
      ],
      [
        'a choice of nothing',
        '422 field options',
        'POST',
        'custom-fields/odd',
        { name: 'x', type: 'choice' },
      ],
      [
        'options of a number',
        '422 field options',
        'POST',
        'custom-fields/odd',
        { name: 'x', type: 'number', options: ['1'] },
      ],
      [
        'an option twice',
        '422 field options[1]',
        'POST',
        'custom-fields/odd',
        { name: 'x', type: 'choice', options: ['a', 'a'] },
      ],
      [
        'money of no currency',
        '422 field limits.currency',
        'POST',
        'custom-fields/odd',
        { name: 'x', type: 'money' },
      ],
      [
        'a limit that means nothing',
        '422 field limits.min',
        'POST',
        'custom-fields/odd',
        { name: 'x', type: 'text', limits: { min: 1 } },
      ],
      [
        'another type',
        '422 field type',
        'PUT',
        'custom-fields/shoe',
        { name: 'x', type: 'text', revision: 1 },
      ],
      [
        'an option that somebody has',
        '422 field options',
        'PUT',
        'custom-fields/skin',
        { name: 'x', type: 'choice', options: ['oily'], revision: 1 },
      ],
      [
        'an old revision',
        '412 changed',
        'PUT',
        'custom-fields/skin',
        { name: 'x', type: 'choice', options: ['dry', 'oily'], revision: 9 },
      ],
      [
        'a value of the wrong type',
        '422 field_value values.shoe',
        'PATCH',
        `members/${ann}/fields`,
        { values: { shoe: '38', pets: true } },
      ],
      [
        'a value beyond its limits',
        '422 field_value values.shoe',
        'PATCH',
        `members/${ann}/fields`,
        { values: { shoe: 51 } },
      ],
      [
        'a field that is not there',
        '422 field_value values.hat',
        'PATCH',
        `members/${ann}/fields`,
        { values: { hat: 1 } },
      ],
      ['nobody', '404 unknown_member memberId', 'PATCH', 'members/nobody/fields', { values: {} }],
      [
        'one bad row of two',
        '422 field_value rows[1].values.skin',
        'PATCH',
        'member-fields',
        {
          rows: [
            { memberId: ann, values: { pets: true } },
            { memberId: ben, values: { skin: 'wet' } },
          ],
        },
      ],
    ])('%s: %s, and nothing is changed', async (_what, expected, method, path, body) => {
      expect(await refusal(method, path, body)).toBe(expected);
      expect(await count(field('pets', 'not_empty'))).toBe(0);
    });

    test('a sensitive field is shown, found by no segment, sealed at rest, and stays sensitive', async () => {
      await good('POST', 'custom-fields/allergy', { name: 'Allergy', type: 'text', sensitive: true });
      const set = (allergy: string | null) => good('PATCH', `members/${dan}/fields`, { values: { allergy } });
      expect([await set('penicillin'), await set('penicillin')]).toEqual([{ applied: 1 }, { applied: 0 }]);
      expect((await good('GET', `members/${dan}/fields`)).fields).toMatchObject([
        { fieldId: 'allergy', value: 'penicillin', updatedBy: 'owner' },
      ]);
      const rule = field('allergy', 'eq', { value: 'penicillin' });
      expect(await refusal('POST', 'segments/count', { rule })).toBe('422 rule rule.field');
      expect(JSON.stringify(await cloud.db.query('select * from member_field'))).not.toContain('penicillin');
      const change = { name: 'Allergy', type: 'text', revision: 1 };
      expect(await refusal('PUT', 'custom-fields/allergy', change)).toBe('422 field sensitive');
      expect(await set(null)).toEqual({ applied: 1 });
      expect((await good('GET', `members/${dan}/fields`)).fields).toEqual([]);
    });

    test('a retired field is asked of nobody; its values are there again when it comes back', async () => {
      const change = (retired: boolean, revision: number) =>
        good('PUT', 'custom-fields/shoe', { name: 'Shoe', type: 'number', retired, revision });
      expect(await change(true, 1)).toMatchObject({ retired: true, revision: 2, limits: {} });
      expect(await refusal('POST', 'segments/count', { rule: field('shoe', 'eq', { value: 44 }) })).toContain(
        '422',
      );
      expect(await refusal('PATCH', `members/${ann}/fields`, { values: { shoe: 40 } })).toBe(
        '422 field_value values.shoe',
      );
      await change(false, 2);
      expect(await count(field('shoe', 'eq', { value: 44 }))).toBe(1);
    });
  });

  describe('tags', () => {
    test('by hand: who, when and why are told, and the log has both words', async () => {
      expect(await good('PUT', `members/${ann}/tags/vip`, { why: 'knows the owner' })).toEqual({
        applied: 1,
      });
      expect(await good('PUT', `members/${ann}/tags/vip`, { why: 'again' })).toEqual({ applied: 0 });
      expect((await good('GET', `members/${ann}/tags`)).tags).toMatchObject([
        { tag: 'vip', source: 'manual', by: 'owner', why: 'knows the owner' },
      ]);
      expect(await good('DELETE', `members/${ann}/tags/vip?why=no+more`)).toEqual({ applied: 1 });
      expect((await timeline(ann, 'kinds=tag')).map(({ data }) => [data.isSet, data.why])).toEqual([
        [false, 'no more'],
        [true, 'knows the owner'],
      ]);
      expect(
        await good('POST', 'tags', { tag: 'tea', set: true, memberIds: [ann, ben], why: 'tasting' }),
      ).toEqual({ applied: 2 });
      expect(await refusal('POST', 'tags', { tag: 'x', set: true, memberIds: [ann, 'nobody'] })).toBe(
        '404 unknown_member memberIds[1]',
      );
      expect((await good('GET', 'tags')).tags).toEqual([{ tag: 'tea', members: 2 }]);
    });

    test('no tag without the click: a click on a theme sets its tag, another kind or theme does not', async () => {
      const rule = await good('POST', 'tag-rules', {
        name: 'Newsletter themes',
        tag: 'theme:{subject}',
        cause: { kind: 'event', kinds: ['click'], subjects: ['tea', 'home'] },
      });
      const taken = await good('POST', 'events', {
        events: [
          event('c1', { memberId: cat, kind: 'browse', subject: 'tea' }),
          event('c2', { memberId: cat, kind: 'click', subject: 'shoes' }),
          event('c3', { memberId: dan, kind: 'click', subject: 'home' }),
        ],
      });
      expect(taken).toEqual({ stored: 3, repeated: 0, joined: 0, tagged: 1, refused: [] });
      expect([await tags(cat), await tags(dan)]).toEqual(['', 'theme:home']);
      expect((await good('GET', `members/${dan}/tags`)).tags).toMatchObject([
        { source: `rule:${rule.id}`, by: 'rule', why: 'Newsletter themes' },
      ]);
      expect(await good('DELETE', `tag-rules/${rule.id}`)).toEqual({ applied: 1 });
      expect(await tags(dan)).toBe('');
    });

    test('by a segment: who comes in gets it, who leaves loses it, what was set by hand stays', async () => {
      const segment = await good('POST', 'segments', {
        name: 'Big feet',
        rule: field('shoe', 'gte', { value: 43 }),
      });
      const cause = { kind: 'segment', segmentId: segment.id };
      expect(await refusal('POST', 'tag-rules', { name: 'x', tag: '{subject}', cause })).toBe(
        '422 tag_rule tag',
      );
      expect(
        await refusal('POST', 'tag-rules', { name: 'x', tag: 'y', cause: { ...cause, segmentId: 'none' } }),
      ).toBe('422 tag_rule cause.segmentId');
      const rule = await good('POST', 'tag-rules', { name: 'Feet', tag: 'bigfoot', cause });
      expect(await good('POST', 'tag-rules/refresh', {})).toEqual({ set: 1, unset: 0, failed: [] });
      expect(await tags(ben)).toBe('bigfoot tea');
      await good('PUT', `members/${ben}/tags/bigfoot`, {});
      await good('PATCH', 'member-fields', {
        rows: [
          { memberId: ben, values: { shoe: 41 } },
          { memberId: dan, values: { shoe: 46 } },
        ],
      });
      expect(await good('POST', 'tag-rules/refresh', {})).toEqual({ set: 1, unset: 1, failed: [] });
      expect([await tags(ben), await tags(dan)]).toEqual(['bigfoot tea', 'bigfoot']);
      expect(await good('POST', 'tag-rules/refresh', {})).toEqual({ set: 0, unset: 0, failed: [] });
      expect(
        await refusal('PUT', `tag-rules/${rule.id}`, { name: 'Feet', tag: 'bigfoot', cause, revision: 7 }),
      ).toBe('412 changed');
      await good('DELETE', `segments/${segment.id}`);
      expect((await good('POST', 'tag-rules/refresh', {})).failed).toEqual([
        { ruleId: rule.id, message: 'its segment is gone' },
      ]);
      await good('DELETE', `tag-rules/${rule.id}`);
      expect([await tags(ben), await tags(dan)]).toEqual(['bigfoot tea', '']);
    });
  });

  describe('events', () => {
    test('what a visitor did before the login is the member’s after it, once, however often it is sent', async () => {
      const early = [
        event('w1', { visitorId: 'v1', subject: 'P1', atMs: nowMs - 3000 }),
        event('w2', { visitorId: 'v1', kind: 'cart', subject: 'P1', atMs: nowMs - 2000 }),
        event('w3', { visitorId: 'v2', subject: 'P2' }),
      ];
      expect(await good('POST', 'events', { events: early })).toMatchObject({ stored: 3, repeated: 0 });
      expect((await good('GET', `members/${eve}/recently-viewed`)).viewed).toEqual([]);
      expect(await good('POST', 'visitors/v1/join', { memberId: eve })).toEqual({ joined: 2, tagged: 0 });
      expect(await good('POST', 'events', { events: early })).toMatchObject({ stored: 0, repeated: 3 });
      await good('POST', 'events', {
        events: [event('w4', { visitorId: 'v1', subject: 'P3', atMs: nowMs - 1000 })],
      });
      expect(
        (await good('GET', `members/${eve}/recently-viewed`)).viewed.map(
          (one: { subject: string }) => one.subject,
        ),
      ).toEqual(['P3', 'P1']);
      expect((await good('GET', `members/${eve}/cart-tries`)).tries).toMatchObject([
        { subject: 'P1', times: 1, bought: false },
      ]);
      expect(await count({ source: 'event', kinds: ['cart'], subjects: ['P1'] })).toBe(1);
    });

    test('an event that names visitor and member is a login; after a log-out and for the next one nothing of the first is taken', async () => {
      await good('POST', 'events', {
        events: [
          event('x1', { visitorId: 'v3' }),
          event('x2', { visitorId: 'v3', memberId: dan, kind: 'login', subject: '' }),
        ],
      });
      expect(await good('POST', 'visitors/v3/leave', {})).toEqual({ applied: 1 });
      expect(
        await good('POST', 'events', {
          events: [event('x1', { visitorId: 'v3' }), event('x3', { visitorId: 'v3' })],
        }),
      ).toMatchObject({ stored: 1, repeated: 1 });
      await good('POST', 'visitors/v3/join', { memberId: cat });
      const ids = async (memberId: string) =>
        (await timeline(memberId, 'kinds=event'))
          .map(({ id }) => id)
          .filter((id) => id.startsWith('x'))
          .sort();
      expect([await ids(dan), await ids(cat)]).toEqual([['x1', 'x2'], ['x3']]);
    });

    test('bad events of a batch are left out with their place, the others are in', async () => {
      const taken = await good('POST', 'events', {
        events: [
          event('y1', {}),
          event('y2', { memberId: 'nobody' }),
          event('y3', { memberId: ann, atMs: nowMs + 2 * DAY }),
          event('y4', { memberId: ann }),
        ],
      });
      expect(taken.stored).toBe(1);
      expect(taken.refused.map((one: { path: string; kind: string }) => `${one.path} ${one.kind}`)).toEqual([
        'events[0].visitorId nobody',
        'events[1].memberId unknown_member',
        'events[2].atMs future',
      ]);
      expect(
        await refusal('POST', 'events', { events: [event('z', { memberId: ann, kind: 'Big Click' })] }),
      ).toBe('400 bad_request events[0].kind');
      expect(
        await refusal('POST', 'events', {
          events: [event('z', { memberId: ann, data: { big: 'x'.repeat(9000) } })],
        }),
      ).toBe('400 bad_request events[0].data');
    });
  });

  describe('the timeline', () => {
    test('calls, chats, sales, events, tags and points stand in one order, whole over pages of two', async () => {
      await storeSales(cloud.db, [
        { id: 'sale-1', memberId: eve, on: '2026-11-01', totalMinor: 4200, atMs: nowMs - 5000 },
      ]);
      const call = {
        memberId: eve,
        interactionId: 'i1',
        kind: 'call',
        subject: 'Size',
        text: 'asked for 38',
        atMs: nowMs - 4000,
      };
      // Two in the same millisecond.
      const chat = { ...call, interactionId: 'i2', kind: 'chat', author: 'Lin', atMs: nowMs - 4000 };
      expect(await good('POST', 'interactions', { interactions: [call, chat] })).toEqual({
        stored: 2,
        repeated: 0,
      });
      expect(await good('POST', 'interactions', { interactions: [chat] })).toEqual({
        stored: 0,
        repeated: 1,
      });
      const all = await timeline(eve);
      expect(all.map(({ kind, id }) => `${kind} ${id}`)).toEqual([
        'event w4',
        'event w2',
        'event w1',
        'interaction i2',
        'interaction i1',
        'sale sale-1',
      ]);
      expect(all[4]!.data).toMatchObject({ kind: 'call', author: 'owner', text: 'asked for 38' });
      expect(JSON.stringify(await cloud.db.query('select * from interaction'))).not.toContain('asked for 38');
      expect(all[5]!.data).toMatchObject({ totalMinor: 4200, kind: 'sale' });
      const paged: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page: { entries: { id: string }[]; nextCursor: string | null } = await good(
          'GET',
          `members/${eve}/timeline?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`,
        );
        paged.push(...page.entries.map(({ id }) => id));
        cursor = page.nextCursor;
      }
      expect(paged).toEqual(all.map(({ id }) => id));
      expect((await timeline(eve, 'kinds=sale,interaction')).length).toBe(3);
      expect(await refusal('GET', `members/${eve}/timeline?kinds=sale,gossip`)).toBe('400 bad_request kinds');
      expect(await refusal('GET', `members/${eve}/timeline?cursor=abc`)).toBe('400 bad_cursor cursor');
      expect(
        await refusal('POST', 'interactions', { interactions: [call, { ...call, memberId: 'nobody' }] }),
      ).toBe('404 unknown_member interactions[1].memberId');
    });
  });

  describe('one member becomes another', () => {
    const facts = async (memberId: string) => ({
      tags: await tags(memberId),
      fields: (await good('GET', `members/${memberId}/fields`)).fields
        .map((one: { fieldId: string; value: unknown }) => `${one.fieldId}=${one.value}`)
        .join(' '),
      timeline: (await timeline(memberId)).map(({ kind, id }) => `${kind} ${id}`).sort(),
    });

    test('all facts go over and come back as they were; where both have a field each keeps its value', async () => {
      await good('PATCH', 'member-fields', { rows: [{ memberId: eve, values: { skin: 'dry', nick: 'E' } }] });
      await good('PUT', `members/${eve}/tags/tea`, {});
      const [before, other] = [await facts(eve), await facts(cat)];
      expect(other.fields).toBe('skin=oily');
      await cloud.db.transaction((tx) => moveFacts(tx, { fromId: eve, toId: cat }));
      expect(await facts(cat)).toMatchObject({ tags: 'tea', fields: 'nick=E skin=oily' });
      expect((await facts(eve)).tags).toBe('');
      await good('POST', 'events', {
        events: [event('w5', { visitorId: 'v1', subject: 'P9', atMs: nowMs + 1000 })],
      });
      expect((await good('GET', `members/${cat}/recently-viewed?limit=1`)).viewed[0].subject).toBe('P9');
      await cloud.db.transaction((tx) => returnFacts(tx, { fromId: cat, toId: eve, originIds: [eve] }));
      const sale = before.timeline.filter((line) => line.startsWith('sale'));
      expect(await facts(eve)).toEqual({ ...before, timeline: [...before.timeline].sort() });
      expect(sale).toHaveLength(1);
      expect((await facts(cat)).tags).toBe(other.tags);
    });

    test('what is erased is in no table; what stays says nothing of it', async () => {
      expect((await exportFacts(cloud.db, [eve])).interaction).toMatchObject([
        { kind: 'call', subject: 'Size', text: 'asked for 38' },
        { kind: 'chat', text: 'asked for 38' },
      ]);
      await cloud.db.transaction((tx) => eraseFacts(tx, [eve]));
      expect(await exportFacts(cloud.db, [eve])).toEqual({
        member_tag: [],
        tag_change: [],
        member_field: [],
        member_event: [],
        interaction: [],
      });
      expect((await timeline(eve)).map(({ kind }) => kind)).toEqual(['sale']);
    });
  });
});
