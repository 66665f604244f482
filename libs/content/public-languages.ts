/** The languages of public posts as `languages`, of a `WITH RECURSIVE`; a row of it is null. It walks an index. */
export const publicLanguages = `languages AS (
    (SELECT language FROM published_posts ORDER BY language LIMIT 1)
    UNION ALL
    SELECT (SELECT next.language FROM published_posts next WHERE next.language > last.language ORDER BY next.language LIMIT 1)
    FROM languages last WHERE last.language IS NOT NULL
  )`;
