"""Made-up places and names.  No such postcode area, and only numbers kept for fiction."""

from __future__ import annotations

# Team, area, local authority, postcode, streets.  Postcode area NN99 does not exist.
AREAS: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "North",
        "Wellby",
        "Wellby Borough",
        "NN99 4",
        ("Larkfield Court", "Mill Row", "Alder House", "Canal Terrace", "Foundry Lane"),
    ),
    (
        "South",
        "Harnsworth",
        "South Holme District",
        "NN99 7",
        ("Priory Gardens", "Station Walk", "Heron Close", "Bakers Yard", "Orchard Rise"),
    ),
    (
        "Care and Support",
        "Fenmoor",
        "Fenmoor District",
        "NN99 2",
        ("Willow Lodge", "St Anne's Court", "The Maltings"),
    ),
)

# First names and family names that are found together.
NAMES: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (
        ("Kwame", "Akosua", "Efua", "Yaw", "Abena", "Kojo", "Adwoa"),
        ("Mensah", "Boateng", "Owusu", "Asante", "Agyeman"),
    ),
    (
        ("Tariq", "Nadia", "Imran", "Saima", "Bilal", "Rukhsana", "Farhan"),
        ("Malik", "Hussain", "Qureshi", "Mirza", "Chaudhry"),
    ),
    (
        ("Harpreet", "Gurdeep", "Simran", "Jasvinder", "Manjit"),
        ("Gill", "Sandhu", "Dhaliwal", "Bains"),
    ),
    (
        ("Pawel", "Agnieszka", "Zofia", "Marek", "Kasia", "Tomasz"),
        ("Zielinski", "Nowak", "Wojcik", "Lewandowska", "Kaminski"),
    ),
    (
        ("Joan", "Gareth", "Bethan", "Colin", "Maureen", "Stephen", "Hazel", "Trevor"),
        ("Whitlock", "Pryce", "Holroyd", "Tanner", "Ashdown", "Bramley"),
    ),
    (
        ("Tess", "Rowan", "Alex", "Robin", "Morgan", "Charlie", "Sam"),
        ("Marlow", "Fielding", "Kerrigan", "Lowe", "Sutton"),
    ),
    (
        ("Miriam", "David", "Leah", "Daniel", "Rivka"),
        ("Adler", "Rosen", "Feldman", "Stern"),
    ),
    (
        ("Wei", "Mei", "Jun", "Hui", "Lian"),
        ("Chen", "Lau", "Wong", "Tang"),
    ),
    (
        ("Andreea", "Ionut", "Mihaela", "Florin", "Elena"),
        ("Popescu", "Ionescu", "Dumitru", "Stan"),
    ),
    (
        ("Marlon", "Shanice", "Delroy", "Yvonne", "Curtis"),
        ("Campbell", "Grant", "Bailey", "Francis"),
    ),
    (
        ("Yusuf", "Hodan", "Abdi", "Amina", "Ifrah"),
        ("Warsame", "Farah", "Jama", "Nur"),
    ),
    (
        ("Siobhan", "Declan", "Bridget", "Martin", "Kathleen"),
        ("Delaney", "Connors", "Quinlan", "Ward"),
    ),
)

INTERPRETERS = ("Urdu", "Polish", "Romanian", "Somali", "British Sign Language")


def phone(number: int) -> str:
    """A mobile number of the block that is kept for drama."""
    return f"07700 900{number % 1000:03}"


def email(name: str) -> str:
    """An address at a domain that can never exist."""
    bare = name.lower().replace("'", "").replace(" ", ".")
    return f"{bare}@mail.example"
