import { ContentStage, reason } from './testing.js';

let stage: ContentStage;
beforeAll(async () => (stage = await ContentStage.open()));
afterAll(() => stage.close());

describe('approval', () => {
  it('takes somebody who neither owns the item nor wrote the version, whatever the role', async () => {
    for (const ownerId of [stage.idOf('editor'), stage.idOf('admin')]) {
      const id = await stage.made({ ownerId });
      const name = ownerId === stage.idOf('admin') ? 'admin' : 'editor';
      expect((await stage.change(name, id, 'approve')).json).toMatchObject({ status: 403, code: 'four_eyes' });
    }
    const id = await stage.made();
    await stage.change('editor', id, 'edit', { title: 'Ebb' });
    expect((await stage.change('editor', id, 'approve', { publish: true })).json).toMatchObject({ code: 'four_eyes' });
    expect((await stage.change('second', id, 'approve')).status).toBe(200);
    // Who approved it, or wrote it, may publish it.
    expect((await stage.change('editor', id, 'publish')).status).toBe(200);
  });

  it('knows whose text it is when somebody else saves it again', async () => {
    const id = await stage.made();
    await stage.change('editor', id, 'edit', { body: 'The moon alone pulls.' });
    await stage.change('owner', id, 'edit', { title: 'Neap' });
    expect((await stage.change('editor', id, 'approve')).json).toMatchObject({ code: 'four_eyes' });
    // One character more makes it no less hers, nor does a text that only began with it.
    await stage.change('owner', id, 'edit', { body: 'The moon alone pulls. ' });
    expect((await stage.change('editor', id, 'approve')).json).toMatchObject({ code: 'four_eyes' });
    await stage.change('owner', id, 'edit', { body: 'Moon and sun pull.' });
    expect((await stage.change('editor', id, 'approve')).json).toMatchObject({ code: 'four_eyes' });
    // What somebody else has approved is nobody's any more: only what is new counts.
    expect((await stage.change('second', id, 'approve')).status).toBe(200);
    await stage.change('owner', id, 'edit', { body: 'Sun and moon pull.' });
    expect((await stage.change('editor', id, 'approve')).status).toBe(200);
  });

  it.each([
    ['title', { title: 'Neap' }],
    ['metadata', { seo: { title: 'Neap', description: 'Tides.', keywords: [] } }],
    ['tags', { tags: ['moon'] }],
  ])('knows whose %s it is, too', async (_what, edit) => {
    const id = await stage.made();
    await stage.change('editor', id, 'edit', edit);
    await stage.change('owner', id, 'edit', { body: 'Newer.' });
    expect((await stage.change('editor', id, 'approve')).json).toMatchObject({ code: 'four_eyes' });
  });

  it('by those who only saved a text, or brought it back, is their right: they have written nothing', async () => {
    const id = await stage.made();
    await stage.change('editor', id, 'edit');
    expect((await stage.change('editor', id, 'approve')).status).toBe(200);
    await stage.change('second', id, 'edit', { body: 'A second text.' });
    await stage.change('editor', id, 'rollback', { version: 1, reason });
    expect((await stage.change('editor', id, 'approve')).status).toBe(200);
    // It is hers that is brought back, by whomever.
    await stage.change('owner', id, 'rollback', { version: 3, reason });
    expect((await stage.change('second', id, 'approve')).json).toMatchObject({ code: 'four_eyes' });
  });

  it('of a draft that was brought back knows who wrote the metadata that it took over', async () => {
    const id = await stage.made({ state: 'DRAFT', seo: null });
    await stage.change('editor', id, 'edit', { seo: { title: 'Ebb', description: 'Ebb and flow.', keywords: [] } });
    await stage.change('owner', id, 'rollback', { version: 1, reason });
    expect((await stage.change('editor', id, 'approve')).json).toMatchObject({ code: 'four_eyes' });
    expect((await stage.change('second', id, 'approve')).status).toBe(200);
  });
});
