"""What was said: happenings as people told them, without a slur and without a real event."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Happening:
    """One thing that happened, in somebody's own words, and what they make of it."""

    strand: str
    types: tuple[str, ...]
    place: str
    words: str
    why: str
    relation: str
    described: str
    basis: str = "ACTUAL"
    children: bool = False
    carer: bool = False


OWN: tuple[Happening, ...] = (
    Happening(
        "RACE",
        ("VERBAL", "THREAT_BEH"),
        "COMMUNAL_OUTSIDE",
        "Every time I put the bins out he shouts about where I come from. On Sunday he stood in "
        "front of the gate and would not let me by.",
        "He says people like me should not have a flat here.",
        "NEIGHBOUR_ADJ",
        "The man next door, about fifty",
    ),
    Happening(
        "RACE",
        ("DAMAGE", "RUBBISH"),
        "VICTIM_GARDEN_BALCONY",
        "They tipped a bag of rubbish over my fence again and broke the pots my mum gave me. One "
        "of them was laughing.",
        "It is only our garden, and we are the only Black family on the row.",
        "NEIGHBOUR_AREA",
        "Two men from the flats behind",
        children=True,
    ),
    Happening(
        "RACE",
        ("VERBAL",),
        "ESTATE_STREET",
        "A woman walking her dog told me to speak English or get out. I was on the phone to my "
        "father. I have stopped ringing him outside.",
        "It was because she heard me speak Polish.",
        "STRANGER_LOCAL",
        "A woman with a brown dog",
    ),
    Happening(
        "RELIGION",
        ("VERBAL", "SPITTING"),
        "COMMUNAL_INSIDE",
        "He pulled at my scarf in the stairwell and spat. I ran in and locked the door. I have not "
        "been to the shop since.",
        "He said things about my religion as he did it.",
        "NEIGHBOUR_BLOCK",
        "A man from the second floor",
    ),
    Happening(
        "RELIGION",
        ("GRAFFITI",),
        "VICTIM_HOME",
        "There was something painted on our front door when I opened it this morning. It was about "
        "us being Jewish. The neighbours can all see it.",
        "They painted a religious symbol with it.",
        "UNKNOWN",
        "",
        children=True,
    ),
    Happening(
        "DISABILITY",
        ("RIDICULE", "HARASS"),
        "COMMUNAL_INSIDE",
        "They copy how I walk, all of them, when I come out of the lift. It is every day after "
        "school. I wait until it is dark to go out now.",
        "They do it because of my legs.",
        "NEIGHBOUR_BLOCK",
        "Four teenagers from the block",
    ),
    Happening(
        "DISABILITY",
        ("PET", "THREAT"),
        "ESTATE_STREET",
        "He kicked my guide dog and said blind people should not have dogs. She is limping. I do "
        "not feel safe going to the bus.",
        "It is because I cannot see.",
        "STRANGER_LOCAL",
        "A man who drinks by the shops",
    ),
    Happening(
        "SEX_ORIENT",
        ("VERBAL", "THREAT"),
        "VICTIM_HOME",
        "He bangs on the wall and shouts what he would do to men like us. Last night he said he "
        "knows which car is ours.",
        "It started when my husband moved in.",
        "NEIGHBOUR_ADJ",
        "The man at the next number",
    ),
    Happening(
        "SEX_ORIENT",
        ("RUBBISH", "MATERIAL"),
        "VICTIM_HOME",
        "Somebody put a printed page through my door about what I am, and something filthy with "
        "it. That is the third one this month.",
        "The page said it in so many words.",
        "UNKNOWN",
        "",
    ),
    Happening(
        "GENDER_ID",
        ("ONLINE", "HARASS"),
        "ONLINE_PHONE",
        "She puts my old name on the residents' page and asks people to say what I am. Forty of "
        "them did. I know most of their front doors.",
        "It is because I am trans.",
        "NEIGHBOUR_AREA",
        "A woman who runs the residents' page",
    ),
    Happening(
        "GENDER_ID",
        ("THREAT", "VERBAL"),
        "CAR_PARK",
        "He came up close by my car and said nobody would find me. His brother was filming it.",
        "They both said it was because of what I am.",
        "NEIGHBOUR_BLOCK",
        "Two brothers from the ground floor",
    ),
    Happening(
        "GENDER",
        ("HARASS", "VERBAL"),
        "COMMUNAL_OUTSIDE",
        "They shout about my body every time I come home, and follow me to the door. I have "
        "started to sleep at my sister's.",
        "They only do it to women.",
        "NEIGHBOUR_AREA",
        "A group of men by the garages",
    ),
    Happening(
        "AGE",
        ("VERBAL", "RUBBISH"),
        "COMMUNAL_OUTSIDE",
        "They call me a burden and say I should be in a home. Yesterday they threw eggs at my "
        "window. I am eighty-one and I have lived here forty years.",
        "It is because I am old, they say so.",
        "NEIGHBOUR_AREA",
        "Youths who sit on the wall",
    ),
    Happening(
        "APPEARANCE",
        ("RIDICULE", "ASSAULT"),
        "PARK",
        "They threw a bottle at me because of how I dress. It hit my arm. I did not do anything, I "
        "was only walking home.",
        "They said it was because of how I look.",
        "STRANGER",
        "Three young men",
    ),
    Happening(
        "RACE",
        ("ASSAULT", "VERBAL"),
        "SHOP",
        "He punched me outside the shop after he copied how I speak. My jaw is bruised. I want it "
        "counted, that is all.",
        "He mocked my accent first.",
        "STRANGER",
        "A man in a grey coat",
    ),
    Happening(
        "RACE",
        ("MALCOMP",),
        "VICTIM_HOME",
        "She complains to you about my cooking every week. Nobody else does. She told my neighbour "
        "she wants people from here to have the flat.",
        "It is because I am from abroad.",
        "NEIGHBOUR_ADJ",
        "The tenant upstairs",
    ),
    Happening(
        "RELIGION",
        ("THREAT", "HARASS"),
        "CAR_PARK",
        "He shouts about bombs when he sees my turban. This morning he drove at me and braked.",
        "He thinks I am something I am not, but it is my turban he looks at.",
        "NEIGHBOUR_BLOCK",
        "The man with the white van",
        basis="PERCEIVED",
    ),
    Happening(
        "DISABILITY",
        ("ONLINE", "RIDICULE"),
        "ONLINE_PHONE",
        "He posts pictures of my daughter in her chair with jokes under them. She has seen it.",
        "It is about her disability.",
        "TENANT_OF_SAME_SCHEME",
        "A shared owner in the same block",
        basis="ASSOCIATION",
        children=True,
    ),
    Happening(
        "DISABILITY",
        ("BULLYING",),
        "SCHEME_CARE_SUPPORT",
        "He takes my place at the table and says nobody wants me there. The others laugh.",
        "He says I am slow.",
        "TENANT_OF_SAME_SCHEME",
        "Another resident of the scheme",
    ),
    Happening(
        "RACE",
        ("DISCRIM_SERVICE", "JOKES"),
        "VICTIM_HOME",
        "The man who came to mend the boiler made jokes about my name to his mate the whole time, "
        "and left before it was done.",
        "He said it was not a proper name.",
        "CONTRACTOR",
        "A contractor in a blue van",
    ),
    Happening(
        "SEX_ORIENT",
        ("DAMAGE",),
        "COMMUNAL_OUTSIDE",
        "They pulled our flag off the balcony and set fire to it. The washing could have caught.",
        "It was the rainbow flag.",
        "NEIGHBOUR_BLOCK",
        "Boys from the upper floor",
    ),
    Happening(
        "UNKNOWN_HATE",
        ("HARASS", "NOISE"),
        "VICTIM_HOME",
        "She hammers on the ceiling whenever I have visitors, and films them going out. I cannot "
        "think what else it is.",
        "I think it is hate, I cannot say of what.",
        "NEIGHBOUR_BLOCK",
        "The woman below",
    ),
)

SEEN: tuple[Happening, ...] = (
    Happening(
        "DISABILITY",
        ("RIDICULE",),
        "COMMUNAL_INSIDE",
        "There are teenagers who mock the man in the wheelchair in the lift every evening. I have "
        "seen it three times. He looks frightened.",
        "They copy the way he sits.",
        "NEIGHBOUR_BLOCK",
        "Teenagers from the block",
    ),
    Happening(
        "RACE",
        ("VERBAL",),
        "ESTATE_STREET",
        "They keep calling the family in the corner flat names when they come home. It is getting "
        "worse.",
        "It is because they are Polish.",
        "NEIGHBOUR_AREA",
        "People from the pub",
    ),
    Happening(
        "RELIGION",
        ("GRAFFITI",),
        "VICTIM_HOME",
        "I saw a car drive off just before seven. The door has been painted with something "
        "hateful.",
        "It is a symbol against Jewish people.",
        "UNKNOWN",
        "Somebody in a dark car",
    ),
    Happening(
        "AGE",
        ("VERBAL",),
        "COMMUNAL_OUTSIDE",
        "The youths outside tell the old lady on the ground floor to die. I hear it through my "
        "window.",
        "They say it is because she is old.",
        "NEIGHBOUR_AREA",
        "Youths outside the block",
    ),
    Happening(
        "GENDER_ID",
        ("HARASS",),
        "COMMUNAL_INSIDE",
        "My client is followed up the stairs by a neighbour who asks what they really are.",
        "They are trans and the neighbour knows it.",
        "NEIGHBOUR_BLOCK",
        "A neighbour on the same stair",
    ),
)

NOT_HATE: tuple[Happening, ...] = (
    Happening(
        "",
        ("NOISE",),
        "VICTIM_HOME",
        "They play loud music until two in the morning most weekends.",
        "No, they are just thoughtless.",
        "NEIGHBOUR_BLOCK",
        "The people upstairs",
    ),
    Happening(
        "",
        ("RUBBISH",),
        "COMMUNAL_OUTSIDE",
        "Somebody leaves bags beside the bins and the rats come.",
        "No, it is everybody's bins.",
        "UNKNOWN",
        "",
    ),
    Happening(
        "",
        ("DAMAGE",),
        "CAR_PARK",
        "My wing mirror was broken off again. So were three others.",
        "No, they did the whole row.",
        "UNKNOWN",
        "",
    ),
)
