"""Every code that a diagnostic can have, with what `segdsl check --explain CODE` says about it.

S1 names, S2 spelling, S3 types and values, S4 claims and meaning, S5 files and data.
"""

from __future__ import annotations

from enum import Enum

from attrs import frozen


class Level(Enum):
    """How much it weighs: an error makes the file unusable or a claim false."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Code:
    """What a code means: in one line, why it matters, what it looks like, and what to write instead."""

    code: str
    level: Level
    title: str
    why: str
    example: str
    instead: str


def _error(code: str, title: str, why: str, example: str, instead: str) -> Code:
    return Code(code, Level.ERROR, title, why, example, instead)


def _warning(code: str, title: str, why: str, example: str, instead: str) -> Code:
    return Code(code, Level.WARNING, title, why, example, instead)


_ALL = (
    _error(
        "S101",
        "A name that nothing declares",
        "Every dimension that a rule reads is declared once, so that a misspelling cannot quietly match nobody.",
        'segment new: sorce == "sale_ad"',
        'segment new: source == "sale_ad"',
    ),
    _error(
        "S102",
        "A segment that does not exist",
        "Partitions, priorities and tests name segments of this file or of a file that it uses.",
        "partition sale: S1, S22",
        "partition sale: S1, S2",
    ),
    _error(
        "S103",
        "A state that the dimension does not have",
        "States are named in a states statement, and asked for with is.",
        "segment a: visits is non",
        "segment a: visits is none",
    ),
    _error(
        "S104",
        "A value that the dimension cannot have",
        "The dimension is declared with a fixed list of values, and this is not one of them: the test could never hold.",
        'device == "phone"',
        'device == "mobile"',
    ),
    _error(
        "S105",
        "A function that does not exist",
        "Functions are those listed in the reference.",
        "yeer(signup) == 2025",
        "year(signup) == 2025",
    ),
    _error(
        "S106",
        "A name that is taken",
        "Dimensions, segments, lets, sets and partitions share one list of names, so that a name says one thing everywhere.",
        "segment gold: true\nlet gold = 5",
        "segment gold: true\nlet gold_spend = 5",
    ),
    _error(
        "S107",
        "A set that does not exist",
        "After @ stands the name of a set statement.",
        "country in @nordics",
        "country in @nordic",
    ),
    _error(
        "S108",
        "Names that are explained by each other in a circle",
        "A segment or let that needs itself has no meaning.",
        "segment a: not b\nsegment b: not a",
        "segment a: visits == 0\nsegment b: not a",
    ),
    _error(
        "S109",
        "A word of the language used as a name",
        "These words keep their meaning everywhere, so that a rule reads one way only.",
        "segment with: true",
        "segment with_banner: true",
    ),
    _error(
        "S110",
        "Files that use each other in a circle",
        "A file takes in what another one declares; in a circle nothing comes first.",
        'use "a.seg"   (and a.seg says: use "b.seg")',
        "keep dimensions in one file that uses no other",
    ),
    _error(
        "S201",
        "Something that cannot stand there",
        "The statement up to this point makes sense, and what follows does not continue it.",
        'segment a: source == == "x"',
        'segment a: source == "x"',
    ),
    _error(
        "S202",
        "Curly quotes",
        "Word processors and e-mail turn straight quotes into curly ones; many look alike, so rules take straight ones only.",
        "source == “sale_ad”",
        'source == "sale_ad"',
    ),
    _error(
        "S203",
        "One equals sign for a comparison",
        "= gives a name to something (in let, set, states and with); == asks whether two things are the same.",
        'source = "sale_ad"',
        'source == "sale_ad"',
    ),
    _error(
        "S204",
        "Signs for and, or, not",
        "Rules are read aloud, so these are words.",
        "a == 1 && !b",
        "a == 1 and not b",
    ),
    _warning(
        "S205",
        "and beside or without brackets",
        "and is taken first, but readers and other tools disagree about it; brackets say which you mean.",
        'country == "SE" or country == "NO" and visits > 3',
        'country == "SE" or (country == "NO" and visits > 3)',
    ),
    _error(
        "S206",
        "A word of the language in capitals",
        "Words of the language are in small letters, so that a rule has one spelling.",
        "a == 1 AND b == 2",
        "a == 1 and b == 2",
    ),
    _error(
        "S207",
        "A text without its closing quote",
        "A text begins and ends with a straight double quote on the same line.",
        'source == "sale_ad',
        'source == "sale_ad"',
    ),
    _error(
        "S208",
        "Commas inside a number",
        "A comma separates the items of a list; inside a number it would be read as two numbers.",
        "spend > 1,000",
        "spend > 1000",
    ),
    _error(
        "S209",
        "Two words run together",
        "Words are kept apart by a space; andvisits would be a name of its own.",
        "a == 1 andvisits > 3",
        "a == 1 and visits > 3",
    ),
    _error(
        "S210",
        "Text in single quotes",
        "Text stands in straight double quotes, so that an apostrophe can stand inside.",
        "source == 'sale_ad'",
        'source == "sale_ad"',
    ),
    _error(
        "S211",
        "An invisible character",
        "Text copied from a page or a document can carry blanks that are not spaces; nobody can see the difference.",
        "visits\u00a0> 3",
        "visits > 3",
    ),
    _error(
        "S212",
        "No statement begins like this",
        "Each statement begins, at the start of a line, with one of a dozen words.",
        "segmant S1: visits == 0",
        "segment S1: visits == 0",
    ),
    _error(
        "S213",
        "A bracket that is never closed",
        "Each opening bracket needs its closing one within the same statement.",
        'country in ("SE", "NO"',
        'country in ("SE", "NO")',
    ),
    _error(
        "S214",
        "Too many brackets within each other",
        "Nobody could read it, and reading it by machine would take too long.",
        "((((… a == 1 …))))",
        "let small = a == 1\nsegment s: small and b == 2",
    ),
    _error(
        "S215",
        "A file without rules",
        "It is empty or holds only comments.",
        "# nothing yet",
        "dimension visits: integer 0..\nsegment new: visits == 0",
    ),
    _error(
        "S216",
        "A file that is too large",
        "A rule file holds at most four million characters; what is larger is usually data.",
        "a file of ten megabytes",
        'use "dimensions.seg" and use "campaigns.seg" in a third file',
    ),
    _error(
        "S217",
        "A text that is too long",
        "A text holds at most 10,000 characters; a longer one usually lacks its closing quote.",
        'page == "… a million letters …"',
        'page starts with "/blog/"',
    ),
    _error(
        "S218",
        "A backslash that means nothing",
        r"Inside a text a backslash begins \" \\ \n \t or \u{…}.",
        r'path == "C:\pictures"',
        r'path == "C:\\pictures"',
    ),
    _error(
        "S219",
        "A comparison sign of another language",
        "The signs are == != < <= > >=.",
        "visits <> 3",
        "visits != 3",
    ),
    _error(
        "S220",
        "Two comparisons in a row",
        "A comparison has one left and one right side; a range says the same in one piece.",
        "18 <= age < 65",
        "age in 18..<65",
    ),
    _error(
        "S221",
        "Events",
        "Lists of events and counts over them are not part of this version.",
        'events purchase "Orders" { at: datetime }',
        "dimension orders: integer 0..",
    ),
    _error(
        "S301",
        "A number where text is declared",
        'The dimension holds text, and text is never equal to a number: "3" is not 3.',
        "source == 3",
        'source == "3"',
    ),
    _error(
        "S302",
        "Text where a number is declared",
        'The dimension holds numbers, and a number is never equal to text: 3 is not "3".',
        'visits >= "five"',
        "visits >= 5",
    ),
    _error(
        "S303",
        "Two things of different kinds",
        "A test compares things of one kind; of different kinds it could never hold.",
        "signup == true",
        "signup == 2026-01-01",
    ),
    _error(
        "S304",
        "A value that is not written right",
        "Dates, versions, networks and timezones have one way of writing each.",
        "signup > 2026-02-30",
        "signup > 2026-02-28",
    ),
    _error(
        "S305",
        "A test that does not go with this kind of value",
        "Each test goes with the kinds of value that the reference lists for it.",
        'visits contains "3"',
        "visits == 3",
    ),
    _error(
        "S306",
        "A number with too many digits",
        "Computers keep 15 digits of a number exactly; more would not be the same everywhere.",
        "spend > 0.1234567890123456789",
        "spend > 0.123456789012346",
    ),
    _error(
        "S307",
        "A range that holds nothing",
        "The lower end stands left of the dots and the upper end right.",
        "age in 35..20",
        "age in 20..35",
    ),
    _error(
        "S308",
        "Not a condition",
        "A segment needs something that is true or false for each visitor.",
        "segment a: visits",
        "segment a: visits > 0",
    ),
    _error(
        "S309",
        "Arguments that do not fit the function",
        "Each function takes the values that the reference lists for it.",
        "year()",
        "year(signup)",
    ),
    _error(
        "S310",
        "Months or years as a fixed length",
        "A month has no fixed number of days, so a difference of two times cannot be compared with one.",
        "today - last_order > 2 months",
        "last_order before 2 months ago",
    ),
    _error(
        "S311",
        "A clause that does not go with the dimension",
        "default and required each say what an absent value means, so only one can stand; ignoring case goes with text.",
        "dimension visits: integer required default 0",
        "dimension visits: integer default 0",
    ),
    _error(
        "S312",
        "A kind of value that does not exist",
        "Kinds are text, one of, integer, number, boolean, date, datetime, duration, version, ip, set of, point.",
        "dimension source: string",
        "dimension source: text",
    ),
    _warning(
        "S313",
        "A value outside what the dimension can have",
        "The declaration leaves no room for this value, so comparing with it says nothing.",
        "dimension age: integer 0..120\nsegment old: age > 130",
        "segment old: age > 100",
    ),
    _error(
        "S401",
        "Segments that overlap",
        "A partition says that each visitor is in exactly one of its segments, and here is one who is in two.",
        "segment a: visits >= 1\nsegment b: visits >= 2\npartition p: a, b",
        "segment a: visits == 1\nsegment b: visits >= 2 or visits is unknown or visits < 1",
    ),
    _error(
        "S402",
        "Visitors in no segment",
        "A partition says that each visitor is in exactly one of its segments, and here is one who is in none.",
        "dimension visits: integer 0..\nsegment a: visits == 0\nsegment b: visits >= 1\npartition p: a, b",
        "dimension visits: integer 0.. default 0",
    ),
    _error(
        "S403",
        "A boundary that belongs to nobody",
        "One segment stops just before a value and the next starts just after it.",
        "segment few: visits < 3\nsegment many: visits > 3",
        "segment few: visits < 3\nsegment many: visits >= 3",
    ),
    _warning(
        "S404",
        "A segment or test that nobody can be in",
        "Its parts contradict each other, whoever the visitor is.",
        "segment a: visits < 2 and visits > 5",
        "segment a: visits < 2 or visits > 5",
    ),
    _warning(
        "S405",
        "A segment that can never win",
        "Everybody in it is already taken by the segments before it in the priority list.",
        "priority p: loyal, super_loyal",
        "priority p: super_loyal, loyal",
    ),
    _warning(
        "S406",
        "A test that holds for everybody",
        "Whoever the visitor is, one of its parts holds, so it says nothing.",
        'resolution not contains "800" or resolution not contains "1600"',
        'resolution not contains "800" and resolution not contains "1600"',
    ),
    _error(
        "S407",
        "An assertion that does not hold",
        "An assertion says what is true of every visitor, and here is one for whom it is not.",
        "assert vip implies customer",
        "segment vip: customer and spend > 500",
    ),
    _error(
        "S408",
        "States that overlap",
        "A visitor is in one state of a dimension at a time.",
        "states visits: few = 0..3, many = 3..",
        "states visits: few = 0..2, many = 3..",
    ),
    _error(
        "S409",
        "States that leave something out",
        "Together the states of a dimension take in every value, unknown included.",
        "states visits: none = 0, some = 1..",
        "states visits: none = 0, some = 1.., never_seen = unknown",
    ),
    _error(
        "S410",
        "A test visitor in other segments than expected",
        "Either the rules or the expectation is wrong.",
        'test "newcomer": {visits: 0} expect returning',
        'test "newcomer": {visits: 0} expect new',
    ),
    _warning(
        "S411",
        "Not decided",
        "The claim is neither proved nor refuted; what is said about it is true as far as it goes.",
        "spend > 10 * visits  beside  spend < 5 * visits",
        "name the ratio as a dimension of its own and let the host compute it",
    ),
    _error(
        "S412",
        "A segment outside what the partition covers",
        "partition … of X says that its segments lie within X, and here is a visitor in one of them who is not in X.",
        "partition tiers of member: free, guest",
        "segment free: member and spend == 0",
    ),
    _error(
        "S413",
        "A partition that names a segment twice, or itself",
        "Each segment stands once in a partition or priority list.",
        "partition p: a, b, a",
        "partition p: a, b",
    ),
    _error(
        "S501",
        "A file that cannot be read",
        "It is not there, may not be read, or is a folder.",
        "segdsl check sale.sge",
        "segdsl check sale.seg",
    ),
    _error(
        "S502",
        "A file that is not UTF-8",
        "Rule files and data are text in UTF-8, so that every letter is the same everywhere.",
        "a file saved as UTF-16 or Latin-1",
        "save it again and choose UTF-8",
    ),
    _error(
        "S503",
        "Data that cannot be read",
        "A row, a line or the whole file is not in the form that its name promises.",
        "a row with more cells than the header",
        "one cell for each column, in quotes where it holds a comma",
    ),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
