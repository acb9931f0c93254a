"""What happened in the stories people test and teach with (domain 9), in their words."""

from __future__ import annotations

from hatecrime.demo.happenings import NOT_HATE, OWN, Happening

SPAT = Happening(
    "RACE",
    ("VERBAL", "SPITTING"),
    "COMMUNAL_OUTSIDE",
    "He shouts about my skin every time I go out. Yesterday he spat at the pram. Kofi was in it.",
    "It is because I am Black. He says so.",
    "NEIGHBOUR_ADJ",
    "The man next door, number 16",
    children=True,
)
SISTER = Happening(
    "RACE",
    ("VERBAL",),
    "ESTATE_STREET",
    "A man shouted about where our mum comes from while we unloaded the car.",
    "It was about our colour.",
    "STRANGER_LOCAL",
    "A man of about fifty",
)
FRIENDS = Happening(
    "",
    ("OTHER",),
    "VICTIM_HOME",
    "My mate has a key. He looks after my money and his two friends stay in my room now.",
    "No. They are my mates.",
    "FRIEND_ACQ",
    "A friend with a key",
)
BROTHER = Happening(
    "SEX_ORIENT",
    ("ASSAULT", "THREAT"),
    "VICTIM_HOME",
    "My brother slapped me last night. He says he will make me normal. Please do not write home.",
    "It is because I am a lesbian.",
    "FAMILY",
    "Her brother, who lives with her",
)
PAINT = OWN[4]
BOTTLES = Happening(
    "RELIGION",
    ("DAMAGE", "VERBAL"),
    "VICTIM_HOME",
    "Bottles were thrown at my window and they shouted about my religion. I had hoped it was over.",
    "They shouted it.",
    "NEIGHBOUR_AREA",
    "A group of three",
)
TURBAN = Happening(
    "RELIGION",
    ("THREAT", "VERBAL"),
    "COLLEAGUE_SITE_VISIT",
    "A tenant shouted about my turban on a home visit and said he would wait for me outside.",
    "It was about my turban, and about where he thinks I am from.",
    "TENANT_OF_SAME_SCHEME",
    "The tenant I was visiting",
)
COOKING = OWN[15]
CAPTIONS = OWN[17]
LOUD = NOT_HATE[0]
PUNCH = OWN[14]
THREATS = OWN[10]

LIFT = Happening(
    "RELIGION",
    ("VERBAL", "SPITTING"),
    "COMMUNAL_INSIDE",
    "A man spat at my scarf by the lift and said I should go home. I live on that floor.",
    "He said it about my scarf.",
    "NEIGHBOUR_BLOCK",
    "A man with a grey coat",
)
LIFT_SEEN = Happening(
    "RELIGION",
    ("SPITTING",),
    "COMMUNAL_INSIDE",
    "I saw a man spit at the young woman with the scarf, down by the lift. She was shaking.",
    "It was because of her scarf.",
    "NEIGHBOUR_BLOCK",
    "A tall man in a long coat",
)

KILL = Happening(
    "GENDER_ID",
    ("THREAT", "VERBAL"),
    "COMMUNAL_OUTSIDE",
    "He has said twice, to my face: he will kill me for what I am. Please do not tell the police.",
    "He says it is because I am trans.",
    "NEIGHBOUR_BLOCK",
    "The man in flat 4",
)
STICK = Happening(
    "DISABILITY",
    ("THREAT", "VERBAL"),
    "COMMUNAL_INSIDE",
    "Twice by the lift he said people with sticks should be put down, and he would start with me.",
    "He says it about my walking stick.",
    "NEIGHBOUR_BLOCK",
    "A man from the top floor",
)
STAIRS = Happening(
    "SEX_ORIENT",
    ("THREAT",),
    "COMMUNAL_INSIDE",
    "One of them has said twice on the stairs that he will kill me. He was there again last night.",
    "It is because I am gay. He said so.",
    "NEIGHBOUR_BLOCK",
    "One of the two men from upstairs",
)
