import type { SourceMaterial } from './source-material.js';
import { Lexicon } from './text/lexicon.js';
import { wordsOf } from './text/words.js';

const stopWords = new Set(
  (
    'a an and are as at be been but by can do does for from had has have how if in into is it its more most no not of on one or ' +
    'so some such than that the their them then there these they this to was were what when where which while will with you your'
  ).split(' '),
);

/** A lexicon of English as far as tests need it: some stop words, and plurals that are their singulars. */
export function testLexicon(...texts: readonly string[]): Lexicon {
  const words = texts.flatMap(wordsOf);
  return new Lexicon(
    new Map(words.map((word) => [word, stopWords.has(word) ? null : word.replace(/(?<=\w{3})s$/, '')])),
  );
}

/** Three sources about solar power, some 900 words. */
export const solarSources: readonly SourceMaterial[] = [
  {
    title: 'How solar panels work',
    url: 'https://physics.example/solar',
    text: `Solar panels turn sunlight into electric current. A panel is made of many cells, and each cell is a thin slice of silicon. When light hits the silicon, it sets electrons free. An electric field inside the cell pushes these electrons in one direction. That movement is the current which a house can use.

## The inverter

Panels deliver direct current, but the grid carries alternating current. An inverter converts one into the other and watches over the whole system. A good inverter loses less than three percent of the energy. Most inverters last for about twelve years and are replaced once in the life of a system. Small inverters behind every panel help on roofs that lie partly in the shade.

## Efficiency

A usual panel turns about one fifth of the light into electricity. The rest becomes heat or is reflected by the glass. Panels lose some of their power when they get hot, so a cool and sunny day is the best day. Dust and snow on the glass reduce the yield by a few percent. Rain cleans panels well enough in most regions. After twenty-five years a panel still gives more than eighty percent of its first power.`,
  },
  {
    title: 'What a solar roof costs',
    url: 'https://money.example/roof',
    text: `The price of solar panels fell by ninety percent within fifteen years. A system for a family home costs between eight and fifteen thousand euros today. Half of that sum pays for the work on the roof and for the scaffold. The panels themselves are only a third of the costs.

## Savings

A family that uses its own solar power saves several hundred euros every year. Power from the own roof costs about ten cents per kilowatt hour. Power from the grid costs three times as much in many countries. The system pays for itself after nine to thirteen years. Electric cars and heat pumps shorten that time, because more of the power is used at home.

## Batteries

A battery stores the power of the day for the evening. With a battery a home uses about two thirds of its own solar power, and without one only a third. Batteries became much cheaper, but they still add several thousand euros to the costs. Most batteries keep their promise for ten years or for six thousand cycles. A battery that is too large never gets full and is wasted money.

## Support

Many cities pay a part of the costs for panels and batteries. The rules change every year, so owners should ask before they sign a contract. Some banks give cheaper loans for solar systems.`,
  },
  {
    title: 'Notes of an installer',
    url: null,
    text: `Every roof must be checked before panels are mounted on it. The roof has to carry the weight of the panels for at least thirty years. Old tiles are replaced first, since nobody wants to take the panels down again. A roof that faces south gives the highest yield. Roofs that face east and west give a little less, but they spread the power over the whole day. Shade from trees and chimneys is the most common reason for a disappointing yield.

Mounting the panels takes two days for a team of three. An electrician connects the inverter and registers the system with the grid operator. The owner gets a protocol of all measurements. Solar panels need hardly any care after that. I tell owners to look at the numbers of the inverter once a month. A sudden drop in the yield often means a broken plug or a blown fuse. Insurance against hail and storm is cheap and worth its price. Birds like to nest below panels, so a grid along the edge keeps them out.`,
  },
];
