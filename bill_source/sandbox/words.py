"""Words the made-up company's records are written with.

Here belongs: names of people, places and projects, and the company's own accounts. Not
here: vendors' trades (trades.py). Every name is invented.
"""

FIRST = (
    *("Ada", "Ben", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Imani"),
    *("Jonas", "Keiko", "Luis", "Maya", "Nadia", "Omar", "Priya", "Quentin", "Rosa"),
    *("Samuel", "Tessa", "Uma", "Victor", "Wanda", "Xavier", "Yusuf", "Zoe"),
)
LAST = (
    *("Abbott", "Bianchi", "Castellano", "Dunmore", "Eastwick", "Falkner"),
    *("Greaves", "Hollis", "Ibarra", "Jessup", "Kowalski", "Lindqvist", "Marchetti"),
    *("Novak", "Okonkwo", "Pemberton", "Quigley", "Rosenthal", "Sandoval"),
    *("Thackeray", "Underhill", "Vasquez", "Whitcombe", "Yamamoto", "Zeller"),
    *("Ashworth", "Brandt", "Calloway", "Delgado", "Engstrom"),
)
PLACES = ("Alderton", "Rivermouth", "Granite Falls", "Millbrook", "Harborview")
CITIES = ("SEA", "DEN", "SFO", "ORD", "AUS", "BOS")
STREETS = ("Alder St", "Front Ave", "Mill Rd", "Foundry Way", "Harbor Blvd", "2nd Ave")
PROJECTS = (
    *("Lantern", "Halyard", "Meadow", "Kestrel", "Tern", "Basalt", "Quill"),
    *("Driftwood", "Marlin", "Saffron"),
)
TOWNS = (
    ("Portland", "OR", "97205"),
    ("Seattle", "WA", "98104"),
    ("Boise", "ID", "83702"),
    ("Sacramento", "CA", "95814"),
    ("Spokane", "WA", "99201"),
    ("Eugene", "OR", "97401"),
)
CUSTOMERS = (
    *("Alpenglow Outfitters", "Bexley Medical Devices", "Cobalt Kitchens"),
    *("Danforth Hotels", "Ember & Oak Grills", "Fairwind Sailing Co"),
    *("Glasswing Labs", "Hearthside Foods", "Ivory Coast Imports"),
    *("Jubilee Toys Inc", "Kingfisher Robotics", "Lakeshore School District"),
    *("Meridian Eyewear", "Northfork Brewing", "Osprey Bicycles"),
    *("Pinnacle Physical Therapy", "Quarry Stone Works", "Redbud Nurseries"),
    *("Silverline Transit Authority", "Tamarack Skis", "Umber Leather Goods"),
    *("Vantage Credit Union", "Wildrose Cosmetics", "Xylo Music Makers"),
    *("Yellowtail Seafood", "Zephyr Air Purifiers", "Acorn Early Learning"),
    *("Boulder Climbing Gyms", "Cinder Coffee Roasters", "Dovetail Cabinets"),
    *("Elmwood Senior Living", "Flint Hills Ranch Supply", "Grove Street Books"),
    *("Highland Audio", "Indigo Textile Mill", "Juno Pet Products"),
    *("Keel & Anchor Marine", "Lumina Lighting", "Maple Leaf Games Ltd"),
    "Nettle Herbal Teas",
)
ACCOUNTS = (
    ("checking", "10100", "Columbia Crest Checking", "BANK"),
    ("savings", "10200", "Columbia Crest Savings", "BANK"),
    ("receivable", "11000", "Trade Receivables", "ACCOUNTS_RECEIVABLE"),
    ("furniture", "15100", "Furniture and Fixtures", "FIXED_ASSET"),
    ("payable", "20000", "Trade Payables", "ACCOUNTS_PAYABLE"),
    ("card", "21500", "Company Credit Card", "CREDIT_CARD"),
    ("sales_tax", "22500", "Sales Tax Agency Payable", "OTHER_CURRENT_LIABILITY"),
    ("loan", "25500", "Equipment Loan", "LONG_TERM_LIABILITY"),
    ("services", "40100", "Design Fees", "INCOME"),
    ("products", "40200", "Product Sales", "INCOME"),
    ("support", "40300", "Support Plans", "INCOME"),
    ("rebilled", "40800", "Rebilled Costs", "INCOME"),
    ("discounts", "40900", "Sales Discounts", "INCOME"),
    ("materials", "50100", "Production Materials", "COST_OF_GOODS_SOLD"),
    ("subcontract", "50200", "Outside Production", "COST_OF_GOODS_SOLD"),
    ("freight", "50300", "Freight", "COST_OF_GOODS_SOLD"),
    ("hosting", "50400", "Cloud Hosting", "COST_OF_GOODS_SOLD"),
    ("advertising", "60100", "Marketing", "EXPENSE"),
    ("events", "60150", "Trade Shows", "EXPENSE"),
    ("payroll", "60200", "Wages", "EXPENSE"),
    ("payroll_tax", "60210", "Employer Taxes", "EXPENSE"),
    ("benefits", "60220", "Staff Benefits", "EXPENSE"),
    ("contractors", "60230", "Freelance Help", "EXPENSE"),
    ("recruiting", "60240", "Hiring", "EXPENSE"),
    ("training", "60250", "Courses", "EXPENSE"),
    ("rent", "60300", "Rent", "EXPENSE"),
    ("utilities", "60310", "Power and Water", "EXPENSE"),
    ("telephone", "60320", "Phone and Internet", "EXPENSE"),
    ("repairs", "60330", "Upkeep", "EXPENSE"),
    ("office", "60400", "Office Expenses", "EXPENSE"),
    ("printing", "60410", "Print", "EXPENSE"),
    ("postage", "60420", "Postage", "EXPENSE"),
    ("equipment", "60430", "Small Tools and Computers", "EXPENSE"),
    ("software", "60440", "Apps", "EXPENSE"),
    ("it_services", "60450", "IT Support", "EXPENSE"),
    ("legal", "60500", "Lawyers", "EXPENSE"),
    ("accounting", "60510", "Accountants", "EXPENSE"),
    ("consulting", "60520", "Advisers", "EXPENSE"),
    ("bank_fees", "60530", "Bank Charges", "EXPENSE"),
    ("licenses", "60540", "Licenses and Dues", "EXPENSE"),
    ("travel", "60600", "Travel", "EXPENSE"),
    ("meals", "60610", "Meals and Catering", "EXPENSE"),
    ("vehicle", "60620", "Vans and Fuel", "EXPENSE"),
    ("insurance", "60700", "Insurance", "EXPENSE"),
    ("charity", "60800", "Donations", "EXPENSE"),
    ("misc", "69000", "Ask My Accountant", "EXPENSE"),
    ("interest", "80100", "Loan Interest", "OTHER_EXPENSE"),
    ("penalties", "80200", "Penalties", "OTHER_EXPENSE"),
)
DEPARTMENTS = (
    ("Design", "DSN"),
    ("Engineering", "ENG"),
    ("Sales", "SLS"),
    ("Office", "OFC"),
)
CLASSES = ("Client work", "Own products", "Overhead")
LOCATIONS = ("Portland studio", "Seattle showroom")
ITEMS = (
    ("Design sprint day", "OTHER_CHARGE", "1150.00", "services"),
    ("Senior design hour", "OTHER_CHARGE", "145.00", "services"),
    ("Engineering hour", "OTHER_CHARGE", "168.50", "services"),
    ("Halo desk lamp", "INVENTORY", "189.00", "products"),
    ("Perch monitor stand", "INVENTORY", "124.95", "products"),
    ("Care plan, monthly", "OTHER_CHARGE", "395.00", "support"),
    ("Telemetry events", "OTHER_CHARGE", "0.0125", "support"),
    ("Client cost at invoice", "OTHER_CHARGE", "0.00", "rebilled"),
)
