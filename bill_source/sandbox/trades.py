"""Whom the made-up company buys from: trades, their names and what their lines say.

Here belongs: data only; every name is invented. Not here: when they bill
(purchasing.py) or how a vendor record looks (parties.py).
"""

from dataclasses import dataclass
from typing import Literal

Method = Literal["ACH", "CHECK", "VIRTUAL_CARD", "OFFLINE", "INTERNATIONAL_E_PAYMENT"]


@dataclass(frozen=True)
class Line:
    """One kind of bill line: what it says, what it costs, where BILL codes it."""

    text: str
    low: int
    high: int
    account: str


@dataclass(frozen=True)
class Trade:
    """A line of business the company buys from.

    ``per_month`` is how many bills a vendor sends; at 1 and above they come on fixed
    days. ``lines`` are drawn from at random, the first one always.
    """

    key: str
    names: tuple[str, ...]
    count: int
    per_month: float
    lines: tuple[Line, ...]
    most_lines: int = 3
    terms: int = 30
    method: Method = "ACH"
    currency: str = "USD"
    discount: bool = False


def _lines(*rows: str) -> tuple[Line, ...]:
    """Parse ``"text|low|high|account"``, so that a line of business is a few rows."""
    parsed = []
    for row in rows:
        text, low, high, account = row.split("|")
        parsed.append(Line(text, int(low), int(high), account))
    return tuple(parsed)


TRADES = (
    Trade(
        "landlord",
        ("Harbor Point Properties LLC", "Foundry Row Storage Partners"),
        2,
        1,
        _lines(
            "Office rent {month} {year}|2900|4300|rent",
            "CAM charges {month}|310|540|rent",
            "Parking stalls, {n} spaces|160|420|rent",
        ),
        terms=5,
        method="CHECK",
    ),
    Trade(
        "power",
        ("Cascadia Power & Light",),
        1,
        1,
        _lines("Electric service {month}, meter {n}|410|880|utilities"),
        terms=15,
        method="OFFLINE",
    ),
    Trade(
        "water",
        ("Willamette Water District", "Northgate Gas Cooperative"),
        2,
        1,
        _lines("Service period {month} {year}|85|260|utilities"),
        terms=20,
        method="CHECK",
    ),
    Trade(
        "waste",
        ("Evergreen Haulers Inc",),
        1,
        1,
        _lines("Waste & recycling pickup {month}|140|230|utilities"),
    ),
    Trade(
        "internet",
        ("Ridgeline Fiber", "Talkwell Business Phones"),
        2,
        1,
        _lines(
            "Business internet {month}|220|390|telephone",
            "VoIP lines x{n}|95|240|telephone",
        ),
        terms=20,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "hosting",
        ("Nimbusgrid Cloud Services", "Stackharbor Hosting", "Edgeworks CDN Inc"),
        3,
        1,
        _lines(
            "Compute instances {month} {year}|680|2900|hosting",
            "Object storage {n} TB|90|410|hosting",
            "Data transfer out|40|380|hosting",
            "Managed database, {n} nodes|210|760|hosting",
        ),
        most_lines=4,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "software",
        (
            "Plotline Project Software",
            "Inkwell Docs Inc",
            "Ledgerloft Apps",
            "Formdesk Design Tools",
            "Pinegate CRM",
            "Whisperbox Mail",
            "Sigil Password Manager",
            "Threadcount Chat",
        ),
        8,
        0.9,
        _lines(
            "Team plan, {n} seats, {month}|120|940|software",
            "Add-on users {n}|40|180|software",
            "Annual subscription {year}|480|2400|software",
        ),
        most_lines=2,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "payroll",
        ("Brightpath Payroll Services",),
        1,
        2,
        _lines(
            "Gross wages, pay period ending {date}|18500|22800|payroll",
            "Employer payroll taxes|1480|1890|payroll_tax",
            "Payroll processing fee|118|146|bank_fees",
        ),
        terms=3,
    ),
    Trade(
        "benefits",
        ("Columbia Mutual Health Plans", "Summit Retirement Administrators"),
        2,
        1,
        _lines(
            "Group medical premium {month}|3900|5200|benefits",
            "Dental and vision premium|410|690|benefits",
            "401(k) plan administration|95|180|benefits",
        ),
        terms=10,
    ),
    Trade(
        "insurance",
        ("Keystone Assurance Group", "Tidewater Business Insurance"),
        2,
        0.34,
        _lines(
            "General liability premium installment|890|1900|insurance",
            "Workers compensation installment|620|1450|insurance",
            "Property policy {n}, quarter premium|340|780|insurance",
        ),
        most_lines=2,
        method="CHECK",
    ),
    Trade(
        "law",
        ("{last} & {last2} LLP", "{last} Legal PC", "Law Offices of {first} {last}"),
        4,
        0.4,
        _lines(
            "Legal services re {project} agreement|700|4200|legal",
            "Trademark filing, class {n}|350|900|legal",
            "Paralegal time {n} hrs|180|640|legal",
            "Disbursements: filing fees|60|240|legal",
        ),
        method="CHECK",
    ),
    Trade(
        "accounting",
        ("{last}, {last2} & Co CPAs", "Clearbook Advisory"),
        2,
        0.7,
        _lines(
            "Monthly bookkeeping {month}|650|1200|accounting",
            "Tax preparation {year}|900|3400|accounting",
            "Sales tax filings|120|320|accounting",
        ),
        most_lines=2,
    ),
    Trade(
        "agency",
        (
            "{last} Creative Partners",
            "Bluefern Media",
            "Loudhouse Advertising Inc",
            "Kindling Search Marketing",
        ),
        5,
        0.6,
        _lines(
            "Paid social campaign {month}|900|5200|advertising",
            "Search ads management fee|450|1600|advertising",
            "Landing page copy, {project}|300|1400|advertising",
            "Photography usage rights|180|900|advertising",
        ),
        most_lines=4,
    ),
    Trade(
        "events",
        ("Westfair Expo Services", "Makers Week Conference"),
        2,
        0.15,
        _lines(
            "Booth space 10x{n}|1800|5400|events",
            "Sponsorship package {year}|1500|6000|events",
            "Booth furniture rental|220|860|events",
        ),
        method="CHECK",
    ),
    Trade(
        "courier",
        ("Swiftline Couriers", "Packmule Freight Inc", "Orbit Parcel Service"),
        3,
        2,
        _lines(
            "Ground shipments week of {date}|85|620|freight",
            "Air express {n} pieces|60|390|freight",
            "Fuel surcharge|9|70|freight",
            "Residential delivery adjustment|4|38|postage",
            "Address correction fee|6|24|postage",
        ),
        most_lines=5,
        terms=15,
    ),
    Trade(
        "materials",
        (
            "Alder Grove Hardwoods",
            "Precision Anodizing Works",
            "{last} Metal Supply",
            "Corvid Electronics Distribution",
            "Northwest Fasteners Inc",
            "{place} Plastics & Resin",
            "Summerfield Packaging",
        ),
        11,
        0.75,
        _lines(
            "Aluminum enclosures, lot {n}|420|3900|materials",
            "PCB assemblies rev {n}|650|5200|materials",
            "Walnut panels 4x8|240|1700|materials",
            "Fasteners and inserts|38|310|materials",
            "Corrugated shippers, {n} bundles|90|640|materials",
            "Freight inbound|45|380|freight",
        ),
        most_lines=6,
        method="CHECK",
        discount=True,
    ),
    Trade(
        "subcontractor",
        ("{place} Prototyping", "{last} Engineering LLC", "Ironwood Fabrication"),
        7,
        0.5,
        _lines(
            "CNC machining, {project}|600|4800|subcontract",
            "Injection tooling deposit, {project}|1500|7600|subcontract",
            "Electrical engineering {n} hrs|480|2900|subcontract",
        ),
    ),
    Trade(
        "freelancer",
        ("{last}, {first}",),
        22,
        0.28,
        _lines(
            "Freelance illustration, {project}|250|1800|contractors",
            "Contract UX research {n} hours|380|2600|contractors",
            "Copy editing {month}|120|760|contractors",
            "Reimbursed mileage|18|140|vehicle",
        ),
        most_lines=2,
        terms=15,
        method="ACH",
    ),
    Trade(
        "recruiter",
        ("Crestline Talent", "{last} Search Group"),
        3,
        0.12,
        _lines(
            "Placement fee, senior designer|3800|9200|recruiting",
            "Background checks x{n}|60|280|recruiting",
        ),
        most_lines=2,
    ),
    Trade(
        "training",
        ("Lathe & Learn Workshops", "Upward Skills Institute"),
        3,
        0.14,
        _lines(
            "Workshop registration, {n} seats|340|2200|training",
            "Online course licenses {year}|180|950|training",
        ),
        most_lines=1,
    ),
    Trade(
        "it",
        ("Redwood Managed IT", "{last} Network Services"),
        3,
        0.6,
        _lines(
            "Managed IT support {month}|580|1650|it_services",
            "Endpoint protection {n} devices|110|430|it_services",
            "After-hours incident {n}|140|620|it_services",
        ),
    ),
    Trade(
        "equipment",
        ("Deskwright Furnishings", "Lumen Computer Outlet", "Toolcrib Direct"),
        5,
        0.22,
        _lines(
            "14in laptop, 32 GB, serial {n}|1450|3900|equipment",
            "Monitor 27in x2|420|980|equipment",
            "Standing desk, oak|560|1240|furniture",
            "Bench power supply|130|480|equipment",
        ),
        most_lines=4,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "office",
        ("Papertrail Office Supply", "Corner Stationers", "{place} Office Products"),
        4,
        0.7,
        _lines(
            "Copy paper, {n} cases|38|190|office",
            "Toner cartridges|85|310|office",
            "Pens, pads, clips|12|88|office",
            "Breakroom coffee and tea|28|140|office",
            "Whiteboard markers|9|42|office",
        ),
        most_lines=6,
        terms=30,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "printing",
        ("Gutenberg Street Press", "Inkfish Sign Co"),
        3,
        0.25,
        _lines(
            "Business cards, {n} names|90|340|printing",
            "Brochure run, {project}|280|1500|printing",
            "Window vinyl install|210|880|printing",
        ),
        most_lines=2,
        method="CHECK",
    ),
    Trade(
        "repairs",
        ("{last} Plumbing & Heating", "Sparkline Electric Co", "Tidy Crew Janitorial"),
        6,
        0.35,
        _lines(
            "Service call, {n} hrs labor|140|680|repairs",
            "Parts and materials|24|410|repairs",
            "Monthly cleaning {month}|380|760|repairs",
        ),
        method="CHECK",
    ),
    Trade(
        "restaurant",
        (
            "Saffron Kitchen",
            "Harvest Table Catering",
            "Bayside Deli",
            "{last}'s Pizza",
            "Two Rivers Coffee",
            "Hotel Marlowe Banquets",
        ),
        9,
        0.35,
        _lines(
            "Team lunch {date}, {n} guests|140|760|meals",
            "Catering, client workshop {project}|260|1500|meals",
            "Delivery and gratuity|18|120|meals",
        ),
        most_lines=3,
        terms=10,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "travel",
        (
            "Wayfare Corporate Travel",
            "Skylark Air Charter",
            "Hotel Juniper",
            "Metro Car Service",
        ),
        6,
        0.4,
        _lines(
            "Airfare PDX-{city}, {last}|240|980|travel",
            "Hotel {n} nights, {city}|310|1450|travel",
            "Airport transfer {date}|45|160|travel",
            "Booking fee|12|35|travel",
        ),
        most_lines=4,
        method="VIRTUAL_CARD",
    ),
    Trade(
        "vehicle",
        ("Pacific Fleet Fuel", "Motorworks Garage", "Rosewood Van Leasing"),
        3,
        0.9,
        _lines(
            "Fleet fuel cards {month}|120|540|vehicle",
            "Van lease {month}|390|560|vehicle",
            "Oil change and inspection|70|240|vehicle",
        ),
        most_lines=2,
    ),
    Trade(
        "consulting",
        (
            "{last} Advisory",
            "Northstar Strategy Group",
            "{last} & Daughters Consulting",
        ),
        6,
        0.3,
        _lines(
            "Advisory retainer {month}|900|4200|consulting",
            "Market study, {project}|1200|5600|consulting",
            "Travel expenses at cost|120|740|travel",
        ),
        most_lines=2,
    ),
    Trade(
        "government",
        ("City of Alderton Revenue Bureau", "State Department of Licensing"),
        2,
        0.12,
        _lines(
            "Business license renewal {year}|120|680|licenses",
            "Late filing penalty|25|110|penalties",
        ),
        most_lines=2,
        method="CHECK",
    ),
    Trade(
        "association",
        ("Regional Design Alliance", "Chamber of Commerce of Alderton"),
        3,
        0.1,
        _lines("Annual membership dues {year}|180|950|licenses"),
        most_lines=1,
        method="CHECK",
    ),
    Trade(
        "bank",
        ("Columbia Crest Bank Lending",),
        1,
        1,
        _lines(
            "Loan {n} principal|1100|1180|loan",
            "Loan {n} interest {month}|210|320|interest",
        ),
        most_lines=2,
        terms=10,
        method="OFFLINE",
    ),
    Trade(
        "charity",
        ("Alderton Food Bank", "Riverkeepers Fund"),
        2,
        0.08,
        _lines("Pledge {year}|150|1200|charity"),
        most_lines=1,
        method="CHECK",
    ),
    Trade(
        "euro_supplier",
        ("Muehlbach Praezision GmbH", "Atelier Verrier SARL"),
        2,
        0.6,
        _lines(
            "Optical components, lot {n}|480|3200|materials",
            "Express freight|60|280|freight",
        ),
        currency="EUR",
        method="INTERNATIONAL_E_PAYMENT",
    ),
    Trade(
        "uk_studio",
        ("Thornbury Type Foundry Ltd",),
        1,
        0.5,
        _lines(
            "Typeface licence, {project}|320|1800|software",
            "Design consultancy {n} days|600|2900|consulting",
        ),
        most_lines=2,
        currency="GBP",
        method="INTERNATIONAL_E_PAYMENT",
    ),
    Trade(
        "canadian_mill",
        ("Kootenay Paper Mills Ltd",),
        1,
        0.4,
        _lines("Cotton stock, {n} reams|240|1500|materials"),
        most_lines=1,
        currency="CAD",
        method="INTERNATIONAL_E_PAYMENT",
    ),
)
