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
        "A name that was never declared",
        "Every dimension that a rule reads is declared once, so that a misspelling cannot quietly match nobody.",
        'segment new: sorce == "sale_ad"',
        'segment new: source == "sale_ad"',
    ),
    _error(
        "S102",
        "A segment that does not exist",
        "Partitions, priority lists and tests can only name segments of this file, or of a file that it uses.",
        "partition sale: S1, S22",
        "partition sale: S1, S2",
    ),
    _error(
        "S103",
        "A state that the dimension does not have",
        "The states of a dimension are listed once, in its states statement, and rules can ask for those only.",
        "segment a: visits is non",
        "segment a: visits is none",
    ),
    _error(
        "S104",
        "A value that the dimension cannot have",
        "The dimension has a fixed list of values and this is not one of them, so no visitor can have it.",
        'device == "phone"',
        'device == "mobile"',
    ),
    _error(
        "S105",
        "A function that does not exist",
        "There is no function of this name. The reference lists all those there are.",
        "yeer(signup) == 2025",
        "year(signup) == 2025",
    ),
    _error(
        "S106",
        "A name that is already taken",
        "Dimensions, segments, lets, sets and partitions share one list of names, so that a name means one "
        "thing everywhere.",
        "segment gold: true\nlet gold = 5",
        "segment gold: true\nlet gold_spend = 5",
    ),
    _error(
        "S107",
        "A set that does not exist",
        "After the @ sign comes the name of a set, and each set is given its values in a set statement.",
        "country in @nordics",
        'set nordic = ("SE", "NO", "DK")\nsegment north: country in @nordic',
    ),
    _error(
        "S108",
        "Names that go round in a circle",
        "What is described by itself, directly or by way of others, describes nobody in particular.",
        "segment a: not b\nsegment b: not a",
        "segment a: visits == 0\nsegment b: not a",
    ),
    _error(
        "S109",
        "A word with a fixed meaning, used as a name",
        "Words such as with, and, segment mean the same everywhere, so that a rule can be read in one way only.",
        "segment with: true",
        "segment with_banner: true",
    ),
    _error(
        "S110",
        "Files that use each other in a circle",
        "A file takes in what another one declares. In a circle, none of them could come first.",
        'use "a.seg"   (and a.seg says: use "b.seg")',
        "keep dimensions in one file that uses no other",
    ),
    _error(
        "S201",
        "Something that cannot stand here",
        "The statement makes sense up to this point, but what comes next does not continue it.",
        'segment a: source == == "x"',
        'segment a: source == "x"',
    ),
    _error(
        "S202",
        "Curly quotes",
        "Word processors and e-mail turn straight quotes into curly ones. There are many look-alikes, so "
        "rules take straight quotes only.",
        "source == “sale_ad”",
        'source == "sale_ad"',
    ),
    _error(
        "S203",
        "The wrong number of equals signs",
        "One equals sign gives a name to something; two of them ask whether two things are the same.",
        'source = "sale_ad"',
        'source == "sale_ad"',
    ),
    _error(
        "S204",
        "Signs instead of and, or, not",
        "Rules can be read aloud, so these three are written as words.",
        "visits == 1 && !member",
        "visits == 1 and not member",
    ),
    _warning(
        "S205",
        '"And" next to "or" without brackets',
        '"And" is taken first, but readers and other tools disagree about that. Brackets show which one you mean.',
        'country == "SE" or country == "NO" and visits > 3',
        'country == "SE" or (country == "NO" and visits > 3)',
    ),
    _error(
        "S206",
        "A word in capitals that belongs in small letters",
        "Words such as and, or, not are in small letters, so that every rule has one spelling.",
        "visits == 1 AND spend > 50",
        "visits == 1 and spend > 50",
    ),
    _error(
        "S207",
        "A text without its closing quote",
        "A text begins and ends with a straight double quote, both on the same line.",
        'source == "sale_ad',
        'source == "sale_ad"',
    ),
    _error(
        "S208",
        "A comma inside a number",
        "A comma separates the items of a list, so inside a number it would make two numbers out of one. Thousands "
        "have no mark between them, and the decimal point is a point.",
        "spend > 1,000",
        "spend > 1000",
    ),
    _error(
        "S209",
        "Two words run together",
        "Words are kept apart by a space. Run together, they would make a new name.",
        "spend > 50 andvisits > 3",
        "spend > 50 and visits > 3",
    ),
    _error(
        "S210",
        "Text in single quotes",
        "Text goes between straight double quotes, so that an apostrophe can be part of it.",
        "source == 'sale_ad'",
        'source == "sale_ad"',
    ),
    _error(
        "S211",
        "An invisible character",
        "Text copied from a web page or a document can bring along blanks that only look like spaces, or "
        "that nobody can see.",
        "visits\u00a0> 3",
        "visits > 3",
    ),
    _error(
        "S212",
        "No statement begins like this",
        "Each statement starts on a new line, with a word such as dimension, segment or partition.",
        "segmant S1: visits == 0",
        "segment S1: visits == 0",
    ),
    _error(
        "S213",
        "A bracket without its partner",
        "Every opening bracket needs a closing one in the same statement, and the other way round.",
        'country in ("SE", "NO"',
        'country in ("SE", "NO")',
    ),
    _error(
        "S214",
        "Too many brackets inside each other",
        "Nobody can keep track of so many. Give the inner parts names instead.",
        "((((… visits == 1 …))))",
        "let small = visits == 1\nsegment first_order: small and spend > 50",
    ),
    _error(
        "S215",
        "A file without rules",
        "The file is empty, or holds comments only.",
        "# nothing yet",
        "dimension visits: integer 0..\nsegment new: visits == 0",
    ),
    _error(
        "S216",
        "A file that is too large",
        "A rule file holds at most four million characters, and anything larger is usually data. Split it "
        "into smaller files, and bring those together with use.",
        "a file of ten million characters",
        'use "dimensions.seg"\nuse "campaigns.seg"',
    ),
    _error(
        "S217",
        "A text that is too long",
        "A text holds at most 10,000 characters. One that is longer has usually lost its closing quote.",
        'page == "… a million letters …"',
        'page starts with "/blog/"',
    ),
    _error(
        "S218",
        "A backslash that means nothing",
        r"Inside a text, a backslash can only begin \" \\ \n \t or \u{…}. For a backslash itself, write two.",
        r'path == "C:\pictures"',
        r'path == "C:\\pictures"',
    ),
    _error(
        "S219",
        "A way to compare that rules do not have",
        "The signs that compare are == != < <= > and >=. The words are in, contains, starts with, ends with and "
        "matches, and each can have not before it.",
        "visits <> 3",
        "visits != 3",
    ),
    _error(
        "S220",
        "Two comparisons in a row",
        "A comparison has one left side and one right side. A range says the same in one go.",
        "18 <= age < 65",
        "age in 18..<65",
    ),
    _error(
        "S221",
        "A list of events",
        "This version cannot look into lists of events. Have them counted beforehand, and declare the count.",
        'events purchase "Orders" { at: datetime }',
        "dimension orders: integer 0..",
    ),
    _error(
        "S301",
        "A number where text is expected",
        'The dimension holds text, and text is never the same as a number: "3" is not 3.',
        "source == 3",
        'source == "3"',
    ),
    _error(
        "S302",
        "Text where a number is expected",
        'The dimension holds numbers, and a number is never the same as text: 3 is not "3".',
        'visits >= "five"',
        "visits >= 5",
    ),
    _error(
        "S303",
        "Two things of different kinds",
        "Only things of one kind can be compared. Otherwise the answer would be the same for every visitor.",
        "signup == true",
        "signup == 2026-01-01",
    ),
    _error(
        "S304",
        "A value that is not written correctly",
        "Dates, versions, network addresses and time zones are each written in one way only, and a date has to exist.",
        "signup > 2026-02-30",
        "signup > 2026-02-28",
    ),
    _error(
        "S305",
        "A test that does not suit this kind of value",
        "Each test works with some kinds of values only. The reference says which.",
        'visits contains "3"',
        "visits == 3",
    ),
    _error(
        "S306",
        "A number with too many digits",
        "Computers keep 15 digits of a number exactly. With more, the answer could differ from one system to another.",
        "spend > 0.1234567890123456789",
        "spend > 0.123456789012346",
    ),
    _error(
        "S307",
        "A range that holds nothing",
        "The lower end goes to the left of the dots, and the upper end to the right.",
        "age in 35..20",
        "age in 20..35",
    ),
    _error(
        "S308",
        "Something that is neither true nor false",
        "A segment needs a condition: something that is either true or false for each visitor.",
        "segment a: visits",
        "segment a: visits > 0",
    ),
    _error(
        "S309",
        "The wrong values for a function",
        "Each function takes certain values between its brackets. The reference lists them.",
        "year()",
        "year(signup)",
    ),
    _error(
        "S310",
        "Months or years as a fixed length",
        "Months and years are not all equally long, so a stretch of time cannot be measured in them. Count "
        "back from today instead.",
        "today - last_order > 2 months",
        "last_order before 2 months ago",
    ),
    _error(
        "S311",
        "An option that does not suit the dimension",
        "Default and required both say what happens when a value is missing, so only one of them can be "
        "used. Ignoring case is for text only.",
        "dimension visits: integer required default 0",
        "dimension visits: integer default 0",
    ),
    _error(
        "S312",
        "A kind of value that does not exist",
        "The kinds are text, one of, integer, number, boolean, date, datetime, duration, version, ip, set "
        "of, and point.",
        "dimension source: string",
        "dimension source: text",
    ),
    _warning(
        "S313",
        "A value that the dimension can never have",
        "The declared range leaves no room for this value, so comparing with it tells you nothing.",
        "dimension age: integer 0..120\nsegment old: age > 130",
        "dimension age: integer 0..120\nsegment old: age > 100",
    ),
    _error(
        "S401",
        "Segments that overlap",
        "A partition promises that each visitor is in exactly one of its segments, but here is a visitor who "
        "is in two.",
        "segment a: visits >= 1\nsegment b: visits >= 2\npartition p: a, b",
        "segment b: visits >= 2\nsegment a: not b\npartition p: a, b",
    ),
    _error(
        "S402",
        "Visitors in no segment",
        "A partition promises that each visitor is in exactly one of its segments, but here is a visitor who "
        "is in none. Often it is one about whom something is not known.",
        "dimension visits: integer 0..\nsegment a: visits == 0\nsegment b: visits >= 1\npartition p: a, b",
        "dimension visits: integer 0.. default 0\nsegment a: visits == 0\nsegment b: visits >= 1\npartition p: a, b",
    ),
    _error(
        "S403",
        "A boundary that belongs to nobody",
        "One segment stops just before a value and the next one starts just after it, so the value itself "
        "falls in between.",
        "segment few: visits < 3\nsegment many: visits > 3",
        "segment few: visits < 3\nsegment many: visits >= 3",
    ),
    _warning(
        "S404",
        "A condition that nobody can meet",
        "Its parts contradict each other, whoever the visitor is.",
        "segment a: visits < 2 and visits > 5",
        "segment a: visits < 2 or visits > 5",
    ),
    _warning(
        "S405",
        "A segment that can never win",
        "Everybody in it is already taken by the segments that come earlier in the priority list.",
        "priority p: loyal, super_loyal",
        "priority p: super_loyal, loyal",
    ),
    _warning(
        "S406",
        "A condition that everybody meets",
        "Whoever the visitor is, at least one of its parts is true, so it says nothing.",
        'resolution != "800x600" or resolution != "1600x1600"',
        'resolution != "800x600" and resolution != "1600x1600"',
    ),
    _error(
        "S407",
        "An assertion that is not true",
        "An assertion says what must be true of every visitor, but here is a visitor for whom it is not.",
        "segment vip: spend > 500\nassert vip implies customer",
        "segment vip: customer and spend > 500\nassert vip implies customer",
    ),
    _error(
        "S408",
        "States that overlap",
        "A visitor can be in only one state of a dimension at a time.",
        "states visits: few = 0..3, many = 3.., never_seen = unknown",
        "states visits: few = 0..2, many = 3.., never_seen = unknown",
    ),
    _error(
        "S409",
        "States that leave something out",
        "Together, the states of a dimension take in every value, and the visitors for whom it is unknown.",
        "states visits: none = 0, some = 1..",
        "states visits: none = 0, some = 1.., never_seen = unknown",
    ),
    _error(
        "S410",
        "A test visitor who is in other segments than expected",
        "Either the rules or the expectation must be wrong.",
        'test "newcomer": {visits: 0} expect returning',
        'test "newcomer": {visits: 0} expect new',
    ),
    _warning(
        "S411",
        "A claim that could not be decided",
        "It was not shown to be true, nor shown to be false. What is said about it is right as far as it goes.",
        "segment a: spend > 10 * visits\nsegment b: spend < 5 * visits",
        "dimension spend_per_visit: number 0..\nsegment a: spend_per_visit > 10\nsegment b: spend_per_visit < 5",
    ),
    _error(
        "S412",
        "A segment that reaches outside the whole that it is a part of",
        "When a partition divides one segment, its parts stay within that segment, but here is a visitor who "
        "is in a part and not in the whole.",
        "segment free: spend == 0\npartition tiers of member: free, paid",
        "segment free: member and spend == 0\npartition tiers of member: free, paid",
    ),
    _error(
        "S413",
        "A list that names a segment twice, or names itself",
        "A partition or priority list names each of its segments once.",
        "partition p: a, b, a",
        "partition p: a, b",
    ),
    _warning(
        "S414",
        "A test that leaves out next to nobody",
        "Joined with or, it is enough that one of these is missing; only a text that has all of them fails.",
        'page not contains "sale" or page not contains "offer"',
        'page not contains "sale" and page not contains "offer"',
    ),
    _warning(
        "S415",
        "A part of a condition that changes nothing",
        "The other parts of the condition say it already, so the same visitors are in the segment without it.",
        "segment regular: visits > 3 and visits > 5",
        "segment regular: visits > 5",
    ),
    _warning(
        "S416",
        "Two segments for the same visitors",
        "Whoever is in one of them is in the other too. When one is changed later, they drift apart.",
        "segment few: visits < 3\nsegment beginners: not visits >= 3 and visits is known",
        "segment few: visits < 3\nsegment beginners: few",
    ),
    _warning(
        "S417",
        "Two partitions that divide visitors in the same way",
        "Each segment of one has the visitors of a segment of the other, so one of the two tells nothing new.",
        "segment few: visits < 3\nsegment many: not few\npartition loyalty: few, many\npartition traffic: many, few",
        "segment few: visits < 3\nsegment many: not few\npartition loyalty: few, many",
    ),
    _warning(
        "S418",
        "A test with not that takes in whoever is not known",
        "A test of something unknown is false, so with not it is true. Said with check --strict only: a rule that "
        "says what it means for visitors of whom something is not known surprises nobody.",
        'segment abroad: country != "US"',
        'segment abroad: country != "US" and country is known',
    ),
    _warning(
        "S419",
        "A rule that reads personal data",
        "The dimension is declared as personal, and somebody may have to agree to what it is used for. Said with "
        "check --strict only.",
        'dimension email: text personal\nsegment staff: email ends with "@example.com"',
        "dimension staff_member: boolean\nsegment staff: staff_member",
    ),
    _error(
        "S501",
        "A file that cannot be read",
        "The file is not there, is a folder, or is one that you may not open.",
        "segdsl check sale.sge",
        "segdsl check sale.seg",
    ),
    _error(
        "S502",
        "A file that is not saved as UTF-8",
        "Rule files and data are text saved as UTF-8, so that every letter comes out the same everywhere.",
        "a file saved as UTF-16 or Latin-1",
        "save it again and choose UTF-8",
    ),
    _error(
        "S503",
        "Data that cannot be read",
        "A row, a line or the whole file does not have the form that its name promises.",
        "a row with more cells than the header",
        "one cell for each column, in quotes where it holds a comma",
    ),
)

CODES: dict[str, Code] = {code.code: code for code in _ALL}
