"""Suppliers as companies enter them: one party under several names, and look-alikes.

Here belongs a labelled set made from a seed. The well-known names are written from
general knowledge; everything else about them is made up.
"""

from dataclasses import dataclass, field
from random import Random

import pandas as pd

WELL_KNOWN = """
Home Depot|Lowes Home Centers|Staples|Office Depot|Costco Wholesale|Walmart|Target
Best Buy|Grainger|Fastenal|McMaster-Carr Supply|United Rentals|Sunbelt Rentals|Uline
Amazon Web Services|Microsoft|Google Cloud|Oracle America|Salesforce|Adobe Systems|SAP
Atlassian|Zoom Video Communications|Slack Technologies|Dropbox|DocuSign|HubSpot|Twilio
Verizon Wireless|AT&T Mobility|T-Mobile USA|Comcast Business|Spectrum Business|Frontier
Pacific Gas and Electric|Southern California Edison|Duke Energy|Dominion Energy|Exelon
Waste Management|Republic Services|Stericycle|Cintas|Aramark Uniform Services|UniFirst
FedEx Freight|United Parcel Service|DHL Express|Old Dominion Freight Line|XPO Logistics
Delta Air Lines|United Airlines|American Airlines|Southwest Airlines|JetBlue Airways
Marriott International|Hilton Worldwide|Hyatt Hotels|Enterprise Rent-A-Car|Hertz|Avis
Starbucks Coffee|Panera Bread|Sysco Food Services|US Foods|Gordon Food Service|McLane
PepsiCo Beverages|Coca-Cola Bottling|Nestle Waters|Kraft Heinz Foods|General Mills
Johnson & Johnson|Johnson Controls|Pfizer|McKesson|Cardinal Health|Medline Industries
Henry Schein|Patterson Dental|Quest Diagnostics|Laboratory Corporation of America
Blue Cross Blue Shield|Aetna|Cigna Health|UnitedHealthcare|Kaiser Permanente|Humana
Liberty Mutual|Travelers Insurance|State Farm|Allstate|Progressive|Nationwide|Chubb
Bank of America|Wells Fargo Bank|JPMorgan Chase|Citibank|Capital One|American Express
Deloitte & Touche|Ernst & Young|PricewaterhouseCoopers|KPMG|Grant Thornton|RSM US
Baker McKenzie|Kirkland & Ellis|Latham & Watkins|Jones Day|Morgan Lewis & Bockius
Caterpillar Financial|John Deere|Komatsu America|Cummins|Parker Hannifin|Emerson
Siemens Industry|Schneider Electric|General Electric|Honeywell|ABB|Rockwell Automation
3M|DuPont|Dow Chemical|BASF|Sherwin-Williams|PPG Architectural Finishes|Benjamin Moore
Ferguson Enterprises|HD Supply|Graybar Electric|Rexel|WESCO Distribution|Anixter
Dell Marketing|Hewlett-Packard|Lenovo|Apple|Cisco Systems|CDW Direct|Insight Direct
Xerox|Ricoh USA|Canon Solutions America|Konica Minolta|Pitney Bowes|Iron Mountain
ADP|Paychex|Gusto|Intuit|Robert Half|Kelly Services|Manpower|Adecco|Randstad|TEKsystems
Otis Elevator|Kone|Schindler Elevator|Thyssenkrupp Elevator|Carrier|Trane|Lennox
Airgas|Praxair|Linde Gas|Air Products|Ecolab|Rentokil|Orkin|Terminix|Rollins|ServPro
Shell Oil|ExxonMobil|Chevron|BP Products|Valero|Marathon Petroleum|Phillips 66|WEX
Goodyear|Michelin|Bridgestone|Discount Tire|Jiffy Lube|AutoZone|NAPA Auto Parts
Toyota Lease Trust|Ford Motor Credit|Ally Financial|General Motors|Volvo|Daimler Trucks
Penske Truck Leasing|Ryder Transportation|U-Haul|Public Storage|Extra Space Storage
Thomson Reuters|LexisNexis|Bloomberg|Wolters Kluwer|Gartner|Forrester|Dun & Bradstreet
Experian|Equifax|TransUnion|Moodys Analytics|Fitch Ratings|Nielsen|Ipsos|Kantar
"""
SURNAMES = """
Abbott Alvarez Baxter Becker Brandt Calloway Castillo Chen Cortez Dalton Delgado Dixon
Ellison Engel Farrell Fischer Foster Gallo Garrison Gibbs Haas Halloran Hendricks Huang
Ibarra Iverson Jansen Jimenez Keller Kowalski Lambert Lindqvist Lockwood Maddox
Marchetti McAllister Mendoza Nakamura Navarro Novak Okafor Olsen Osborne Paxton Petrov
Quigley
Ramsey Reyes Rossi Sandoval Schultz Silva Sorensen Stafford Tanaka Thatcher Underwood
Vargas Vaughn Wagner Whitaker Winslow Xiong Yamada Yates Zamora Zeller
"""
TRADES = """
Plumbing|Electric|Roofing|Landscaping|Consulting Group|Law Offices|Printing|Catering
Janitorial Services|Construction|Engineering|Architects|Staffing|Freight|Auto Repair
Dental Supply|Photography|Web Design|Marketing|Security Systems|Pest Control|Flooring
Mechanical|Painting Contractors|Equipment Rental|Insurance Agency|Accounting|Couriers
"""
PLACES = """
Austin|Boston|Denver|Fresno|Lincoln|Madison|Oakland|Portland|Raleigh|Tampa|Toledo|Tulsa
Riverside|Springfield|Arlington|Burlington|Fairfield|Lexington|Newport|Salem|Dover
"""
PUBLIC = (
    "City of {}",
    "{} County Treasurer",
    "{} Water District",
    "{} School District",
)
SHORT = {
    "services": "svcs",
    "service": "svc",
    "international": "intl",
    "company": "co",
    "group": "grp",
    "systems": "sys",
    "supply": "sply",
    "construction": "constr",
    "insurance": "ins",
    "america": "amer",
    "financial": "fin",
    "consulting": "consltg",
}
FORMS = (
    "Inc",
    "Inc.",
    "LLC",
    "L.L.C.",
    "Corp",
    "Corporation",
    "Co.",
    "Ltd",
    "PLC",
    "LP",
)
STREETS = (
    "Main St",
    "Oak Avenue",
    "2nd Street",
    "Market Street",
    "Lake Road",
    "Elm Dr",
)
FREE = ("gmail.com", "yahoo.com", "outlook.com", "comcast.net")
COLUMNS = [
    "source_entity",
    "source_id",
    "raw_name",
    "created_at",
    "tax_id",
    "email",
    "phone",
    "bank_account",
    "address_line",
    "zip",
]
PRESENT = {
    "tax_id": 0.15,
    "email": 0.65,
    "phone": 0.5,
    "bank_account": 0.2,
    "address_line": 0.9,
    "zip": 0.95,
}
"""BILL asks for an address when a vendor is made, and for little else."""
MOVED = 0.15
HOMONYMS = 0.001
"""Other firms of a name that is taken; on paper they differ only in what is shown."""
START = pd.Timestamp("2020-01-01", tz="UTC")


@dataclass
class Labelled:
    """Records with the party each truly is."""

    rows: list[dict[str, object]] = field(default_factory=list)
    truth: list[int] = field(default_factory=list)

    @property
    def records(self) -> pd.DataFrame:
        """What the resolver is given."""
        return pd.DataFrame(self.rows, columns=COLUMNS)


def words(text: str) -> list[str]:
    """The names of a list above."""
    return [name.strip() for name in text.replace("\n", "|").split("|") if name.strip()]


def base_names(count: int, rng: Random) -> list[str]:
    """Different names: well-known companies first, then people's firms and places."""
    names = words(WELL_KNOWN)
    surnames, trades, places = SURNAMES.split(), words(TRADES), words(PLACES)
    made = [form.format(place) for place in places for form in PUBLIC]
    made += [f"{surname} {trade}" for surname in surnames for trade in trades]
    made += [
        f"{one} {two} {trade}"
        for one in surnames
        for two in surnames
        if one != two
        for trade in trades
    ]
    rng.shuffle(made)
    return [*names, *made][:count]


def labelled(seed: int, parties: int = 1_500, variants: int = 600) -> Labelled:
    """Return records of that many parties, some under further names.

    What a party's records have in common besides the name is present at random. Hard
    negatives: firms of one surname or place, neighbours who share an address, and a
    few firms of one name.
    """
    rng = Random(seed)  # noqa: S311 - the set is to be the same each time
    names = base_names(parties, rng)
    for place in rng.sample(range(parties), round(HOMONYMS * parties)):
        names[place] = rng.choice(names)
    facts = [_facts(name, rng) for name in names]
    for row, fact in enumerate(facts):
        if rng.random() < 0.08:
            fact["address_line"] = facts[row - 1]["address_line"]
            fact["zip"] = facts[row - 1]["zip"]
    found = Labelled()
    for party, name in enumerate(names):
        _add(found, party, name, facts[party], rng)
    for _ in range(variants):
        party = rng.randrange(len(names))
        _add(found, party, variant(names[party], rng), facts[party], rng)
    return found


def _add(
    found: Labelled, party: int, name: str, facts: dict[str, str], rng: Random
) -> None:
    number = len(found.rows)
    shown = {
        key: value if rng.random() < PRESENT[key] else None
        for key, value in facts.items()
    }
    if shown["phone"] and rng.random() < MOVED:
        shown["phone"] = _phone(rng)
    if shown["address_line"] and rng.random() < MOVED:
        shown["address_line"] = _street(rng)
    found.rows.append(
        {
            "source_entity": "customer" if rng.random() < 0.1 else "vendor",
            "source_id": f"{rng.randrange(10**9):09d}{number:06d}",
            "raw_name": name,
            "created_at": START + pd.Timedelta(days=number),
            **shown,
        }
    )
    found.truth.append(party)


def _facts(name: str, rng: Random) -> dict[str, str]:
    letters = "".join(letter for letter in name.lower() if letter.isalnum())
    domain = rng.choice(FREE) if rng.random() < 0.25 else f"{letters[:20]}.example"
    return {
        "tax_id": f"{rng.randrange(10**8, 10**9)}",
        "email": f"{letters[:12]}@{domain}",
        "phone": _phone(rng),
        "bank_account": f"****{rng.randrange(10**4):04d}",
        "address_line": _street(rng),
        "zip": f"{rng.randrange(10_000, 99_999)}",
    }


def _street(rng: Random) -> str:
    return f"{rng.randrange(1, 2000)} {rng.choice(STREETS)}"


def _phone(rng: Random) -> str:
    area, exchange = rng.randrange(200, 999), rng.randrange(200, 999)
    return f"({area}) {exchange}-{rng.randrange(10**4):04d}"


def variant(name: str, rng: Random) -> str:
    """Return the name as somebody else would have typed it."""
    ways = (*[with_form] * 5, typo, shortened, with_store, traded, cut, moved)
    return rng.choice(ways)(name, rng)


def with_form(name: str, rng: Random) -> str:
    """Return the name with a legal form."""
    return f"{name}{rng.choice((' ', ', '))}{rng.choice(FORMS)}"


def shortened(name: str, rng: Random) -> str:
    """Return the name with abbreviations; one without such words in capitals."""
    del rng
    short = " ".join(SHORT.get(part.lower(), part) for part in name.split())
    return short if short != name else name.upper()


def with_store(name: str, rng: Random) -> str:
    """Return the name with the number of a store."""
    return f"{name} {rng.choice(('#', 'Store ', 'No. '))}{rng.randrange(10, 9999)}"


def traded(name: str, rng: Random) -> str:
    """Return the name as the trading name of a firm called otherwise."""
    owner = f"{rng.choice(SURNAMES.split())} Holdings LLC"
    return f"{owner} {rng.choice(('dba', 'd/b/a', 'DBA'))} {name}"


def cut(name: str, rng: Random) -> str:
    """Return the name without its last word, where it has three or more."""
    parts = name.split()
    return " ".join(parts[:-1]) if len(parts) > 2 else moved(name, rng)


def moved(name: str, rng: Random) -> str:
    """Return the name with its first word last; one of a single word mistyped."""
    parts = name.split()
    return " ".join([*parts[1:], parts[0]]) if len(parts) > 1 else typo(name, rng)


def typo(name: str, rng: Random) -> str:
    """Return the name with one letter dropped, doubled, changed or swapped."""
    place = rng.randrange(1, len(name) - 1) if len(name) > 2 else 0
    before, letter, after = name[:place], name[place], name[place + 1 :]
    forms = (
        before + after,
        before + letter * 2 + after,
        before + rng.choice("aeiorst") + after,
        before + after[:1] + letter + after[1:],
    )
    return rng.choice(forms)
