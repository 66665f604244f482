import { seoTexts } from './pipeline/seo-metadata.js';
import type { SeoMetadata, VersionText } from './version-hash.js';

/**
 * The search metadata of an edited text. What its author gives counts; a title or a description that was derived from the
 * text before is derived anew, or it would quote what the text does not say any more; what a person wrote stays.
 * @returns null when parts are missing, and the text before has none.
 */
export function editedSeo(
  before: VersionText,
  after: Pick<VersionText, 'title' | 'body'>,
  given: Partial<SeoMetadata> = {},
): SeoMetadata | null {
  if (before.seo === null) {
    const { title, description, keywords } = given;
    const isWhole = title !== undefined && description !== undefined && keywords !== undefined;
    return isWhole ? { title, description, keywords } : null;
  }
  const [old, derived] = [seoTexts(before), seoTexts(after)];
  const { title, description, keywords } = before.seo;
  return {
    title: given.title ?? (title === old.title ? derived.title : title),
    description: given.description ?? (description === old.description ? derived.description : description),
    keywords: given.keywords ?? keywords,
  };
}
