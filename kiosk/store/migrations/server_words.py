"""The full-text indexes as PostgreSQL keeps them: what `0006` makes where a server has the store.

Its own parser cuts words otherwise than SQLite's, and forgets where words stand in a long text. So
a table beside the poems holds their words as SQLite's tokeniser would cut them, each between two
blanks, with an index of the words; triggers keep it in step. From these, phrases and weights can be
computed exactly (`kiosk.store.server_words`).
"""

from __future__ import annotations

from collections.abc import Iterator

from kiosk.store.letters import Letters

LONGEST = 400  # letters of a word in the index, as below, for it has a bound; the rows have all
LETTERS = "poem_words_letters"

PLAIN = r"""
CREATE OR REPLACE FUNCTION poem_words_plain(said text) RETURNS text
LANGUAGE plpgsql STABLE STRICT AS $body$
DECLARE
    one record;
BEGIN
    said := lower(said COLLATE "C");
    IF octet_length(said) = length(said) THEN
        said := regexp_replace(said, '[^a-z0-9]+', '  ', 'g');
    ELSE
        FOR one IN
            SELECT letter, plain FROM poem_words_letters WHERE letter IN (
                SELECT regexp_split_to_table(regexp_replace(said, '[\u0001-\u007F]+', '', 'g'), '')
            )
        LOOP
            said := replace(said, one.letter, one.plain);
        END LOOP;
        said := regexp_replace(said, '[^%s]+', '  ', 'g');
    END IF;
    said := btrim(said);
    RETURN CASE WHEN said = '' THEN '' ELSE ' ' || said || ' ' END;
END
$body$
"""

STATEMENTS = (
    """
CREATE OR REPLACE FUNCTION poem_words_lexemes(words text) RETURNS tsvector
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    found text[] := ARRAY(
        SELECT DISTINCT left(word, 400)
        FROM unnest(string_to_array(btrim(words), '  ')) AS word WHERE word <> ''
    );
BEGIN
    IF octet_length(array_to_string(found, '')) >= 1048576 THEN  -- it would be cut in silence
        RAISE program_limit_exceeded USING MESSAGE = 'too many different words';
    END IF;
    RETURN array_to_tsvector(found);
END
$body$
""",
    """
CREATE OR REPLACE FUNCTION poem_words_count(words text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
    SELECT (octet_length(words) - octet_length(replace(words, '  ', ''))) / 2
        + (words <> '')::integer
$body$
""",
    # How often one word, or its beginning, stands there: no two such overlap.
    """
CREATE OR REPLACE FUNCTION poem_words_times_one(words text, needle text) RETURNS integer
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $body$
    SELECT (octet_length(words) - octet_length(replace(words, needle, '')))
        / octet_length(needle)
$body$
""",
    # The same of several words one after the other: "la la" stands twice in "la la la".
    """
CREATE OR REPLACE FUNCTION poem_words_times(words text, needle text) RETURNS integer
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $body$
DECLARE
    times integer := 0;
    found integer := strpos(words, needle);
BEGIN
    WHILE found > 0 LOOP
        times := times + 1;
        words := substr(words, found + 1);
        found := strpos(words, needle);
    END LOOP;
    RETURN times;
END
$body$
""",
    """
CREATE TABLE poem_words (
    id integer PRIMARY KEY REFERENCES poems ON DELETE CASCADE,
    title text NOT NULL, poet text NOT NULL, text text NOT NULL,
    size integer NOT NULL GENERATED ALWAYS AS
        (poem_words_count(title) + poem_words_count(poet) + poem_words_count(text)) STORED,
    lexemes tsvector NOT NULL GENERATED ALWAYS AS
        (poem_words_lexemes(title || poet || text)) STORED
)
""",
    """
CREATE TABLE artwork_words (
    id integer PRIMARY KEY REFERENCES artworks ON DELETE CASCADE,
    number text NOT NULL, title text NOT NULL, artist text NOT NULL, room text NOT NULL,
    description text NOT NULL,
    size integer NOT NULL GENERATED ALWAYS AS (
        poem_words_count(number) + poem_words_count(title) + poem_words_count(artist)
        + poem_words_count(room) + poem_words_count(description)) STORED,
    lexemes tsvector NOT NULL GENERATED ALWAYS AS
        (poem_words_lexemes(number || title || artist || room || description)) STORED
)
""",
    "CREATE INDEX ix_poem_words_lexemes ON poem_words USING gin (lexemes)",
    "CREATE INDEX ix_artwork_words_lexemes ON artwork_words USING gin (lexemes)",
    "CREATE INDEX ix_poem_words_size ON poem_words (size)",
    "CREATE INDEX ix_artwork_words_size ON artwork_words (size)",
    """
CREATE OR REPLACE FUNCTION poem_words_keep(ids integer[]) RETURNS void LANGUAGE sql AS $body$
    INSERT INTO poem_words (id, title, poet, text)
    SELECT poems.id, poem_words_plain(poems.title), poem_words_plain(poets.name),
        poem_words_plain(poems.text)
    FROM poems JOIN poets ON poets.id = poems.poet_id WHERE poems.id = ANY (ids)
    ON CONFLICT (id) DO UPDATE
        SET title = excluded.title, poet = excluded.poet, text = excluded.text
$body$
""",
    """
CREATE OR REPLACE FUNCTION artwork_words_keep(ids integer[]) RETURNS void LANGUAGE sql AS $body$
    INSERT INTO artwork_words (id, number, title, artist, room, description)
    SELECT id, poem_words_plain(coalesce(number, '')), poem_words_plain(title),
        poem_words_plain(artist), poem_words_plain(room), poem_words_plain(description)
    FROM artworks WHERE id = ANY (ids)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, title = excluded.title,
        artist = excluded.artist, room = excluded.room, description = excluded.description
$body$
""",
    """
CREATE OR REPLACE FUNCTION poem_words_written() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM poem_words_keep(ARRAY[NEW.id]);
    RETURN NULL;
END
$body$
""",
    """
CREATE OR REPLACE FUNCTION poem_words_renamed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM poem_words_keep(ARRAY(SELECT id FROM poems WHERE poet_id = NEW.id));
    RETURN NULL;
END
$body$
""",
    """
CREATE OR REPLACE FUNCTION artwork_words_written() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    PERFORM artwork_words_keep(ARRAY[NEW.id]);
    RETURN NULL;
END
$body$
""",
    "CREATE TRIGGER poem_words_written AFTER INSERT OR UPDATE OF title, text, poet_id ON poems "
    "FOR EACH ROW EXECUTE FUNCTION poem_words_written()",
    "CREATE TRIGGER poem_words_renamed AFTER UPDATE OF name ON poets "
    "FOR EACH ROW EXECUTE FUNCTION poem_words_renamed()",
    "CREATE TRIGGER artwork_words_written AFTER INSERT OR UPDATE OF number, title, artist, room, "
    "description ON artworks FOR EACH ROW EXECUTE FUNCTION artwork_words_written()",
    "SELECT poem_words_keep(ARRAY(SELECT id FROM poems))",
    "SELECT artwork_words_keep(ARRAY(SELECT id FROM artworks))",
)


def letters_table(letters: Letters) -> Iterator[str]:
    """The letters that count as others."""
    yield f'CREATE TABLE {LETTERS} (letter text COLLATE "C" PRIMARY KEY, plain text NOT NULL)'
    rows = ", ".join(f"('{letter}', '{plain}')" for letter, plain in letters.plain.items())
    yield f"INSERT INTO {LETTERS} (letter, plain) VALUES {rows}"  # noqa: S608


def plain_function(letters: Letters) -> str:
    """What cuts a text into words, each between two blanks."""
    ranges = "".join(f"\\U{first:08X}-\\U{last:08X}" for first, last in letters.ranges)
    return PLAIN % ranges
