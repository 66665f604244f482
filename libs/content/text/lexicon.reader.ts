import { Injectable } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { Repository } from 'typeorm';
import { ContentItemEntity } from '../content-item.entity.js';
import { languageOf, languages } from './language.js';
import { Lexicon } from './lexicon.js';
import { wordsOf } from './words.js';

const mostWords = 50_000;

/** Asks PostgreSQL for stems and stop words: so texts are compared by the same words by which they are searched. */
@Injectable()
export class LexiconReader {
  constructor(@InjectRepository(ContentItemEntity) private readonly rows: Repository<ContentItemEntity>) {}

  /** @param language a text search configuration. */
  async lexiconOf(language: string, texts: readonly string[]): Promise<Lexicon> {
    const words = new Set<string>();
    for (const text of texts) {
      if (words.size >= mostWords) break;
      for (const word of wordsOf(text)) words.add(word);
    }
    const dictionary = languageOf(language) === languages.simple ? 'simple' : `${language}_stem`;
    const rows = await this.rows.query<{ word: string; stem: string | null }[]>(
      `SELECT word, (ts_lexize($1::regdictionary, word))[1] AS stem FROM unnest($2::text[]) word`,
      [dictionary, [...words].slice(0, mostWords)],
    );
    return new Lexicon(new Map(rows.map(({ word, stem }) => [word, stem])));
  }
}
