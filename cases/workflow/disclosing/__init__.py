"""The pages of packs: what would be told to another agency, its sending, and the register."""
