import { editedSeo } from './edited-seo.js';
import { seoTexts } from './pipeline/seo-metadata.js';

const text = { title: 'Tides', body: '# Tides\n\nThe moon pulls at the sea twice a day, wherever one looks at it.\n' };
const edited = { title: 'Ebb', body: 'The sun pulls as well, though less than half as much as the moon does.' };
const derived = { ...text, sources: [], tags: [], seo: { ...seoTexts(text), keywords: ['moon'] } };

it('is derived anew from an edited text, but for the keywords', () => {
  expect(editedSeo(derived, edited)).toEqual({ title: 'Ebb', description: edited.body, keywords: ['moon'] });
  expect(editedSeo(derived, { ...text, title: 'Ebb' })).toEqual({ ...derived.seo, title: 'Ebb' });
  expect(editedSeo(derived, text)).toEqual(derived.seo);
});

it('stays as a person wrote it, each part for itself', () => {
  const ours = { ...derived, seo: { ...derived.seo, description: 'On the sea.' } };
  expect(editedSeo(ours, edited)).toEqual({ title: 'Ebb', description: 'On the sea.', keywords: ['moon'] });
});

it('may be given in part', () => {
  expect(editedSeo(derived, edited, { title: 'Flow' })).toMatchObject({ title: 'Flow', description: edited.body });
  expect(editedSeo(derived, edited, { keywords: [] })).toEqual({
    title: 'Ebb',
    description: edited.body,
    keywords: [],
  });
});

it('must be given whole where there was none', () => {
  const none = { ...derived, seo: null };
  const seo = { title: 'a', description: 'b', keywords: [] };
  expect([editedSeo(none, edited), editedSeo(none, edited, { title: 'a' })]).toEqual([null, null]);
  expect(editedSeo(none, edited, seo)).toEqual(seo);
});
